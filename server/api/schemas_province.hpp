#pragma once

#include "server/api/description.hpp"

/// Schemas of the province's desk: comparisons with the portals, the productivity-and-quality programme.
namespace nguon::server::api {

inline constexpr std::string_view run_kinds[] = {"fast", "daily", "full"};
inline constexpr std::string_view run_reasons[] = {"schedule", "person", "restore"};
inline constexpr std::string_view run_states[] = {"asked", "running", "done", "failed", "unsupported"};
inline constexpr std::string_view finding_kinds[] = {"missing", "stopped", "differs", "lost", "foreign"};
inline constexpr Member new_reconciliation[] = {{"target", "text", true}};
inline constexpr Member reconciliation_run[] = {{"id", "integer", true},
                                                {"kind", "text", true, run_kinds},
                                                {"reason", "text", true, run_reasons},
                                                {"state", "text", true, run_states},
                                                {"asked_at", "instant", true},
                                                {"ended_at", "instant"},
                                                {"compared", "integer", true},
                                                {"requests", "integer", true},
                                                {"findings", "integer", true},
                                                {"fault"}};
inline constexpr Member reconciliation_finding[] = {
    {"kind", "text", true, finding_kinds}, {"key", "text", true},        {"seq", "integer"},  {"organization_id"},
    {"found_at", "instant", true},         {"seen_at", "instant", true}, {"detail", "object"}};
inline constexpr Member reconciliation[] = {{"target", "text", true},
                                            {"under_way", "ReconciliationRun"},
                                            {"runs", "ReconciliationRun[]", true},
                                            {"open", "integer", true},
                                            {"findings", "ReconciliationFinding[]", true}};

inline constexpr Member programme_evidence[] = {{"key", "text", true},
                                                {"source", "text", true},
                                                {"kind", "text", true},
                                                {"item"},
                                                {"title"},
                                                {"organization_id"},
                                                {"organization_name"},
                                                {"commune_code"},
                                                {"date", "date", true},
                                                {"valid_to", "date"},
                                                {"amount", "number", true},
                                                {"counted", "boolean", true}};
inline constexpr Member programme_figure[] = {
    {"indicator", "text", true}, {"statement", "text", true}, {"name", "text", true},
    {"unit", "text", true},      {"value", "number"},         {"at_least", "number"},
    {"up_to", "number"},         {"above", "number"},         {"at_most", "number"},
    {"met", "boolean"},          {"forecast", "number"},      {"evidence", "ProgrammeEvidence[]", true}};
inline constexpr Member programme_figures[] = {{"plan", "text", true},  {"title", "text", true},
                                               {"from", "date", true},  {"to", "date", true},
                                               {"as_of", "date", true}, {"indicators", "ProgrammeFigure[]", true}};

} // namespace nguon::server::api
