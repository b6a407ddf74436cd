#pragma once

#include "core/limits/office.hpp"
#include "core/result.hpp"
#include "core/runtime/cpu_pool.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace nguon::office {

/// The program that lays out PDF, or empty: "soffice" on the PATH.
std::filesystem::path find_office_program();

struct PdfOptions {
    std::filesystem::path program = find_office_program();
    std::size_t queue_max = limits::pdf_queue_max;
    std::chrono::milliseconds time_max = limits::pdf_time_max;
};

/// PDF made of DOCX by LibreOffice, which runs as a process of its own without a screen, one document at a time. The
/// process group gets a folder of its own with its profile, and is killed when its time is over.
class PdfMaker {
public:
    explicit PdfMaker(PdfOptions options = {});
    /// Finishes what is queued.
    ~PdfMaker();
    PdfMaker(PdfMaker const&) = delete;
    PdfMaker& operator=(PdfMaker const&) = delete;

    /// The bytes of the PDF. Errors: unavailable "pdf.program_missing" (not installed), "busy" (queue full), "pdf.slow"
    /// {seconds}, "pdf.failed".
    net::awaitable<Result<std::string>> make(std::string docx);

    /// The same for commands and tests; blocks the calling thread and does not queue.
    Result<std::string> make_now(std::string const& docx);

    struct Counters {
        std::uint64_t made = 0;
        std::uint64_t failed = 0;
        std::uint64_t timed_out = 0;
        std::uint64_t refused = 0; // queue full
    };
    Counters counters() const;

private:
    Result<std::string> convert(std::string const& docx);

    PdfOptions options_;
    std::mutex one_;
    std::atomic<std::uint64_t> made_ = 0;
    std::atomic<std::uint64_t> failed_ = 0;
    std::atomic<std::uint64_t> timed_out_ = 0;
    std::atomic<std::uint64_t> refused_ = 0;
    CpuPool lane_;
};

} // namespace nguon::office
