#pragma once

#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "db/connection.hpp"

#include <optional>
#include <string>
#include <utility>

namespace nguon::db {

/// The client's own name for a write (Idempotency-Key): repeated with the same request it answers as before.
struct Operation {
    OrganizationId org = {};
    std::string key = {};            // empty: the write has no operation
    std::string request_sha256 = {}; // hexadecimal
    Instant asked_at = {};
};

/// What a finished operation answered.
struct OperationAnswer {
    int status = 0;
    std::string location = {};
    std::string body = {};
    bool repeated = false; // taken from the first time; nothing was written now
};

} // namespace nguon::db

namespace nguon::db::operations {

/// The answer of an earlier, finished operation of this name; empty when the work is to be done now. Until the
/// transaction ends nobody else can begin an operation of this name. Errors: invalid "operation.key_reused" when the
/// earlier request was another one, conflict "operation.running" while the first one runs.
Result<std::optional<OperationAnswer>> begin(Connection& c, Operation const& operation);

/// Keeps the answer. It appears together with what the operation wrote, or not at all.
Status finish(Connection& c, Operation const& operation, OperationAnswer const& answer);

/// Removes what is older than `limits::operation_kept_time` at `now`, of all organizations; returns how many.
std::int64_t forget_old(Connection& c, Instant now);

/// Does `work` (Connection& -> Result<OperationAnswer>) once for this operation, inside the caller's transaction.
template <typename Work>
Result<OperationAnswer> run_once(Connection& c, Operation const& operation, Work& work)
{
    if (operation.key.empty()) return work(c);
    auto const earlier = begin(c, operation);
    if (!earlier) return earlier.error();
    if (*earlier) return **earlier;
    Result<OperationAnswer> answer = work(c);
    if (!answer) return answer;
    if (auto const kept = finish(c, operation, *answer); !kept) return kept.error();
    return answer;
}

} // namespace nguon::db::operations
