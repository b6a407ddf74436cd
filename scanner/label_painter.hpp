#pragma once

#include "scanner/label_pages.hpp"
#include "scanner/label_placing.hpp"

namespace nguon::scanner {

/// How symbols are drawn on a surface.
enum class SymbolStyle {
    mask,       // a 1-bit picture, one dot a module: small in a PDF
    rectangles, // for surfaces that would blur a picture
};

/// How ink is put on a surface.
enum class InkStyle {
    color, // grey values
    alpha, // a surface that keeps only how much it is covered
};

/// Draws sheets with Cairo; the context's unit is a millimetre on the page. Used for files and for their replay.
class SheetPainter {
public:
    /// All must outlive this.
    SheetPainter(cairo_t* context, LabelJob const& job, LabelNeeds const& needs, LabelOutput const& output,
                 SymbolStyle symbols, InkStyle ink);

    /// One sheet of `sheets`. Symbols are read back before they are drawn: PDF's from the very mask. Errors: those of
    /// `draw_symbol`, "symbol.proof_failed".
    Status draw(LabelPage const& page, int sheets);

    std::size_t symbols_proved() const { return proved_; }

private:
    Status prove_ean();
    Status draw_label(LabelCode const& code);
    Status draw_symbol(std::string const& url);
    void paint_symbol();
    void draw_text(PlacedText const& placed);
    void draw_ean();
    void draw_specimen();
    void ink(double grey);

    cairo_t* context_;
    LabelJob const& job_;
    LabelNeeds const& needs_;
    PrinterProfile const& printer_;
    SymbolStyle symbols_;
    InkStyle ink_;
    TextSetter setter_;
    LabelLayout layout_;
    Modules modules_ = {};
    SurfaceOwner mask_ = {};
    std::string drawn_url_ = {};
    bool ean_proved_ = false;
    std::size_t proved_ = 0;
};

} // namespace nguon::scanner
