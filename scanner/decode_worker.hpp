#pragma once

#include "scanner/decode.hpp"

/// What the parent and its sandboxed children say to each other about pictures. The child reads what strangers sent, so
/// the parent reads the child's answers with the same care.
namespace nguon::scanner {

/// What a worker may be asked; the first byte of a request.
enum class PictureTask : char {
    decode = 'd',
    decode_again = 'a', // without DataBar, after a process died of the picture
    photos = 'p',
};

/// The bytes to send to a worker.
std::string picture_request(PictureTask task, std::string_view picture);

/// The child's side: answers one request. Never throws; a request it does not know is answered with "picture.broken".
std::string answer_picture_request(std::string_view request);

/// The parent's side. Errors: those that the child reports; "picture.broken" when the answer is not well-formed.
Result<FoundCodes> read_decode_answer(std::string_view answer);
Result<Photos> read_photos_answer(std::string_view answer);

} // namespace nguon::scanner
