#pragma once

#include "core/json.hpp"
#include "server/app/certificates.hpp"
#include "server/app/programme_plans.hpp"

/// Evidence of the programme: recorded, corrected and withdrawn, never deleted.
namespace nguon::server::app {

/// One organization, whichever way it was named: by tax code (a branch counts as its firm), else by its id here, else
/// by its name without marks.
std::string organization_key(std::string_view tax_code, OrganizationId const& org, std::string_view name);

/// What somebody typed.
struct RecordInput {
    std::string kind = {};
    std::string item = {};
    std::string title = {};
    std::string tax_code = {};
    std::string org_name = {};
    std::string org_kind = {};
    std::string commune_code = {};
    std::string person_name = {}; // of an expert
    std::string parent = {};      // the training of an attendance
    std::string task = {};
    std::string happened_on = {};
    std::string valid_to = {};
    double amount = 1;
};
RecordInput read_record(JsonReader& in);

/// True for kinds that are about an organization.
bool concerns_organization(std::string_view kind);
/// True for kinds of which an amount is asked: attendance, spending, factor.
bool has_amount(std::string_view kind);
/// True for kinds that hold until they end: certificates, experts, what is applied.
bool is_lasting(std::string_view kind);

/// Records a piece of evidence with its files; `replaces` is the one that it corrects, which is withdrawn.
/// Errors: faults at their fields ("programme.kind", "programme.item", "programme.organization_missing",
/// "programme.person_missing", "programme.outside" {commune}, "programme.amount", "programme.ends_early",
/// "programme.parent", "file.kind", "file.too_large"); conflict "programme.once_only" {organization, item, day} when
/// the organization was supported on that item already; "programme.too_many_records", "programme.too_many_files".
Result<std::string> record_evidence(db::Connection& c, Actor const& actor, programme::Plan const& plan,
                                    RecordInput const& input, std::vector<NewFile> const& files,
                                    std::string const& replaces = {});

/// Errors: "programme.record_unknown", "programme.withdrawn_already", "field.required" at "reason".
Status withdraw_evidence(db::Connection& c, Actor const& actor, programme::Plan const& plan, std::string const& id,
                         std::string const& reason);

/// Why an organization may not get this item again. Nothing: it may.
std::optional<Error> once_only_refusal(db::Connection& c, programme::Plan const& plan, std::string const& item,
                                       std::string const& org_key);

} // namespace nguon::server::app
