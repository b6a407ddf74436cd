#pragma once

#include "scanner/bitmap.hpp"
#include "scanner/label_pages.hpp"
#include "scanner/label_placing.hpp"

namespace nguon::scanner {

/// Draws sheets and rows of labels as bitmaps for one printer: whole dots a module, black and white only. What all
/// labels share is drawn once.
class BitmapPainter {
public:
    /// `job` and `needs` must outlive this.
    BitmapPainter(LabelJob const& job, LabelNeeds const& needs, LabelOutput const& output);

    /// One page of `sheets`. Every symbol is read back from the finished bitmap. Errors: those of `draw_symbol`,
    /// "symbol.proof_failed".
    Result<Bitmap> draw(LabelPage const& page, int sheets);

    std::size_t symbols_proved() const { return proved_; }
    double dots_per_mm() const { return dots_per_mm_; }

    /// Where the label at that place of the sheet lies in a page's bitmap.
    struct Area {
        int x = 0;
        int y = 0;
        int width = 0;
        int height = 0;
    };
    Area area_of(int place) const;

private:
    struct DotSize {
        int width = 0;
        int height = 0;
    };

    int dots_x(double mm) const;
    int dots_y(double mm) const;
    Bitmap text_bitmap();
    Bitmap shared_part();
    void add_specimen(Bitmap& label) const;
    void add_code(Bitmap& label, LabelCode const& code);
    void add_symbol(Bitmap& label);
    Status draw_modules(std::string const& url);
    void add_footer(Bitmap& bitmap, LabelPage const& page, int sheets) const;
    Status prove(Bitmap const& page, LabelPage const& labels);
    Status prove_symbol(Bitmap const& page, Area const& area, std::string const& url, DotSize const& modules) const;
    Status prove_barcode(Bitmap const& page, Area const& area) const;

    LabelJob const& job_;
    LabelNeeds const& needs_;
    PrinterProfile printer_;
    double dots_per_mm_;
    SurfaceOwner surface_; // of one label
    ContextOwner context_; // its unit is a millimetre
    TextSetter setter_;
    LabelLayout layout_;
    int module_dots_;
    int ean_dots_ = 0;
    Bitmap shared_ = {};
    Modules modules_ = {};
    std::string drawn_url_ = {};
    std::vector<DotSize> sizes_ = {}; // in modules, of the symbols on the page
    std::string proved_url_ = {};
    std::size_t proved_ = 0;
};

} // namespace nguon::scanner
