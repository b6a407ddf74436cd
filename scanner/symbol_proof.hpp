#pragma once

#include "core/runtime/worker_process.hpp"
#include "scanner/bitmap.hpp"
#include "scanner/symbol.hpp"

namespace nguon::scanner {

/// Reads a drawn QR code from a bitmap of several pixels a module and compares text and symbology identifier.
/// Error: "symbol.proof_failed" (internal: what we drew does not say what it should).
Status prove_qr(Modules const& modules, std::string_view text);

/// The same for any matrix symbol.
Status prove_matrix(Modules const& modules, SymbolData const& data);

/// As `SymbolProver::prove`, for every kind but DataBar, in this process.
Status prove_bitmap(SymbolData const& data, Bitmap const& symbol);

/// Eight bits a sample, 0 is black; somebody else's.
struct GreyView {
    std::uint8_t const* samples = nullptr;
    int width = 0;
    int height = 0;
    int row_bytes = 0;
};

/// What a reader sees in a picture of one label, drawn upright: the symbol is looked for. Empty when there is none.
/// Not for DataBar.
std::string read_printed(Symbology symbology, GreyView const& picture);

/// Proves the bitmaps of all symbologies. ZXing reads them here, DataBar in a worker process, because ZXing 1.4 may
/// abort on it. DataBar Limited, which ZXing does not know, and what it misreads of DataBar Expanded (newer
/// application identifiers, a GTIN alone) is read by readers of our own.
class SymbolProver {
public:
    /// The processes of `workers` answer `symbol_task`; it must outlive this. `prove` blocks the calling thread.
    explicit SymbolProver(WorkerPool& workers) : workers_{workers} {}

    /// `symbol` is the symbol with its quiet zones and nothing else, `dots` its dots a module. Errors:
    /// "symbol.proof_failed"; "busy" and "worker.unavailable" for DataBar.
    Status prove(SymbolData const& data, Bitmap const& symbol, int dots) const;

private:
    Status prove_databar(SymbolData const& data, Bitmap const& symbol, int dots) const;

    WorkerPool& workers_;
};

/// What a worker process must be able to do for `SymbolProver`.
WorkerTask symbol_task();

} // namespace nguon::scanner
