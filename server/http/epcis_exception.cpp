#include "server/http/epcis_exception.hpp"

namespace nguon::server {

std::string_view epcis_exception(unsigned status, Error const& error)
{
    bool const of_query = error.key.starts_with("epcis.query.");
    switch (status) {
    case 400:
        return of_query ? "epcisException:QueryParameterException" : "epcisException:ValidationException";
    case 401:
    case 403:
        return "epcisException:SecurityException";
    case 404:
        return "epcisException:NoSuchResourceException";
    case 406:
        return "epcisException:NotAcceptableException";
    case 409:
        return "epcisException:ResourceAlreadyExistsException";
    case 413:
        if (error.key == "epcis.query.too_large") return "epcisException:QueryTooLargeException";
        return of_query ? "epcisException:QueryTooComplexException" : "epcisException:CaptureLimitExceededException";
    case 414:
        return "epcisException:URITooLongException";
    case 415:
        return "epcisException:UnsupportedMediaTypeException";
    case 500:
    case 501:
    case 503:
        return "epcisException:ImplementationException";
    default:
        return {};
    }
}

} // namespace nguon::server
