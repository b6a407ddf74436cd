#include "db/risks.hpp"

namespace nguon::db::risks {
namespace {

constexpr auto looked_back = std::chrono::hours{24 * 365};

template <typename Words>
std::string listed_words(Words const& words)
{
    return listed({words.begin(), words.end()});
}

} // namespace

std::vector<Line> of_area(Connection& c, Areas const& areas, Instant now)
{
    auto const sql =
        std::string{"SELECT o.id,"
                    " (SELECT count(*) FROM recall_lot l JOIN recall_case r ON r.id = l.case_id WHERE l.org_id = o.id"
                    " AND l.included = 1 AND l.ended_at IS NULL AND r.kind = 'recall' AND r.state = 'published'),"
                    " (SELECT count(*) FROM sanction s WHERE s.org_id = o.id AND s.lifted_at IS NULL),"
                    " (SELECT count(*) FROM inspection i WHERE i.org_id = o.id AND i.finished_at >= $2"
                    " AND i.conclusion = 'serious'),"
                    " (SELECT count(*) FROM inspection i WHERE i.org_id = o.id AND i.finished_at >= $2"
                    " AND i.conclusion = 'minor'),"
                    " (SELECT count(*) FROM complaint k WHERE k.org_id = o.id AND k.main_code IS NULL"
                    " AND k.created_at >= $2 AND (k.settled_at IS NULL OR k.outcome = 'upheld')),"
                    " (SELECT count(*) FROM sanction s WHERE s.org_id = o.id AND s.lifted_at IS NULL"
                    " AND s.explained_at IS NULL AND s.explain_due_at < $3)"
                    " + (SELECT count(*) FROM complaint k WHERE k.org_id = o.id AND k.settled_at IS NULL"
                    " AND k.firm_answered_at IS NULL AND k.firm_due_at < $3)"
                    " + (SELECT count(*) FROM inspection i JOIN inspection_action a ON a.inspection_id = i.id"
                    " WHERE i.org_id = o.id AND i.finished_at IS NOT NULL AND a.done_at IS NULL AND a.due_on < $4),"
                    " (SELECT count(*) FROM certificate f WHERE f.org_id = o.id AND f.status = 'active'"
                    " AND f.valid_to < $4 AND NOT EXISTS (SELECT 1 FROM certificate n WHERE n.org_id = f.org_id"
                    " AND n.status = 'active' AND n.kind = f.kind AND coalesce(n.product_id, '') ="
                    " coalesce(f.product_id, '') AND (n.valid_to IS NULL OR n.valid_to >= $4))),"
                    " (SELECT count(*) FROM product p WHERE p.org_id = o.id AND replace($5, ',' || p.group_code || ',',"
                    " '') <> $5),"
                    " (SELECT count(*) FROM product p WHERE p.org_id = o.id AND replace($6, ',' || p.group_code || ',',"
                    " '') = $6)"
                    " FROM organization o WHERE o.kind <> 'authority' AND"} +
        within_areas;
    std::vector<Line> out;
    for (auto const& row : c.query(sql, {listed(areas), now - looked_back, now, to_iso(vietnam_date(now)),
                                         listed_words(perishable_groups), listed_words(inedible_groups)}))
        out.push_back({row.id<OrganizationId>(0),
                       {.open_recalls = row.integer(1),
                        .sanctions = row.integer(2),
                        .serious_inspections = row.integer(3),
                        .minor_inspections = row.integer(4),
                        .complaints = row.integer(5),
                        .missed_clocks = row.integer(6),
                        .expired_certificates = row.integer(7),
                        .perishable_goods = row.integer(8),
                        .foods = row.integer(9)}});
    return out;
}

} // namespace nguon::db::risks
