#pragma once

#include "scanner/bitmap.hpp"
#include "scanner/printer.hpp"
#include "scanner/stock.hpp"

#include <string>

/// Bitmaps in the languages of label printers.
namespace nguon::scanner {

/// ^GFA with Zebra's alternative data compression (ZPL II Programming Guide): repeat counts, "," fills a row with
/// white, "!" with black, ":" repeats the row above. Without ^FO in front and ^FS behind.
std::string zpl_graphic_field(Bitmap const& bitmap);

/// One row of labels, complete with size, gap and the printer's settings, so that a job goes on with any of them after
/// a jam. `copies` rows of it are printed. ZPL: ^GFA; TSPL: BITMAP; EPL: GW.
std::string printer_label(PrinterLanguage language, Stock const& stock, PrinterProfile const& printer,
                          Bitmap const& bitmap, int copies);

} // namespace nguon::scanner
