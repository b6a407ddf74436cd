#pragma once

#include "core/result.hpp"
#include "scanner/drawing.hpp"

#include <string>

namespace nguon::scanner {

/// A picture of one page as SVG in millimetres. The same drawing gives the same bytes.
class SvgFile {
public:
    SvgFile(double width_mm, double height_mm);

    /// Its unit is a millimetre.
    cairo_t* context() const { return context_.get(); }

    /// The file; nothing may be drawn afterwards.
    Result<std::string> finish();

private:
    double width_;
    double height_;
    std::string bytes_ = {};
    SurfaceOwner surface_;
    ContextOwner context_;
};

} // namespace nguon::scanner
