#pragma once

#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace nguon::practice_portal {

/// How the portal misbehaves on one request.
struct PlannedFault {
    enum class Kind {
        none,
        status,        // `status`, with Retry-After when `retry_after` is set; nothing is done
        html,          // 200 and a sign-in page; nothing is done
        delay,         // answers rightly, but late
        cut,           // the connection ends in the answer; nothing is done
        wrong_receipt, // does its work and signs something else
        forget,        // loses the newest confirmed record, then works rightly
        error_200,     // 200 with an error in the body; nothing is done
        lose_answer,   // does its work, and the connection ends in the answer
        unfinished,    // says that a capture job is still running
        created,       // captures at once: 201 and no job
        refuse,        // 200 with an error that blames what was sent; nothing is done
    };

    Kind kind = Kind::none;
    unsigned status = 503;
    std::optional<int> retry_after = {}; // seconds
    std::chrono::milliseconds delay{0};
};

/// Which requests go wrong: by a script, by a seed, or both.
///
///     [{"after": 3, "times": 2, "fault": "status", "status": 429, "retryAfter": 1, "path": "XacNhan"}, …]
///     {"seed": 7, "rate": 0.2, "script": […]}
///
/// A scripted fault begins after so many matching requests and then hits so many; `path` narrows it to targets that
/// contain the text. "fault" is one of status, html, delay (with "milliseconds"), cut, wrong_receipt, forget,
/// error_200, lose_answer, unfinished, created, refuse. The seed draws from all of them but forget, the last three and
/// 401.
/// Bundles of files are asked for as "/drop/NAME": there status, cut and delay leave a bundle for the next time, html
/// and error_200 leave rubbish beside it, lose_answer takes it without a receipt.
class FaultPlan {
public:
    FaultPlan() = default;

    /// Errors: those of parse_json, and "portal.script" {pointer}.
    static Result<FaultPlan> read(std::string_view json_text);

    PlannedFault next(std::string_view target);

private:
    struct Scripted {
        std::uint64_t after = 0;
        std::uint64_t times = 1;
        std::string path = {};
        PlannedFault fault = {};
        std::uint64_t seen = 0;
    };

    std::vector<Scripted> script_;
    double rate_ = 0;
    std::mt19937_64 random_;
};

} // namespace nguon::practice_portal
