#pragma once

#include "scanner/bitmap.hpp"
#include "scanner/drawing.hpp"
#include "scanner/symbol_size.hpp"

#include <vector>

namespace nguon::scanner {

/// A rectangle in modules from the picture's top left corner.
struct ModuleBox {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;
};

/// A line of text; lengths in modules.
struct PictureText {
    std::string text = {};
    double center_x = 0;
    double baseline_y = 0;
    double size = 0; // of the font
};

/// One symbol as it is printed: bars, quiet zones and human-readable interpretation. Every file is made of this.
struct SymbolPicture {
    double width = 0; // in modules
    double height = 0;
    double module_mm = 0;
    std::vector<ModuleBox> bars = {};
    std::vector<PictureText> texts = {};
    ModuleBox symbol = {}; // with its quiet zones beside it, without what descends from it: this is proved
};

/// Places everything: guard bars of EAN and UPC descend five modules between their digits, ITF-14 gets its bearer bars,
/// other interpretation stands below in lines that part no element. `with_text` false leaves the interpretation out.
SymbolPicture lay_out_symbol(SymbolData const& data, DrawnSymbol const& drawn, SymbolSize const& size,
                             bool with_text = true);

/// The picture with whole dots for each module, black and white only.
Bitmap rasterize(SymbolPicture const& picture, int dots_per_module);

/// The part of that bitmap that is proved.
Bitmap symbol_part(SymbolPicture const& picture, Bitmap const& bitmap, int dots_per_module);

/// The same as `rasterize` without text, for who draws no bitmap.
Bitmap rasterize_symbol(SymbolPicture const& picture, int dots_per_module);

/// Calls `place(text, left, top, style)` for each text; the unit of the setter's context is a module.
template <typename Place>
void each_text(SymbolPicture const& picture, TextSetter& setter, Place place)
{
    for (auto const& text : picture.texts) {
        TextStyle const style{.size = text.size};
        auto const size = setter.measure(text.text, style);
        place(text.text, text.center_x - size.width / 2, text.baseline_y - size.baseline, style);
    }
}

} // namespace nguon::scanner
