#include "db/receipts.hpp"

namespace nguon::db::receipts {

bool insert(Connection& c, std::string const& target, std::int64_t outbox_seq, Receipt const& receipt)
{
    bool const first =
        c.execute(
            "INSERT INTO receipt (target, outbox_seq, portal_id, accepted_at, payload_sha256, key_id, signature, body,"
            " peer_certificate_sha256, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
            " ON CONFLICT (target, outbox_seq) DO NOTHING",
            {target, outbox_seq, receipt.portal_id, receipt.accepted_at, receipt.payload_sha256, receipt.key_id,
             receipt.signature, Blob{receipt.body}, receipt.peer_certificate_sha256, receipt.received_at}) == 1;
    if (first) return true;
    c.execute("INSERT INTO receipt_again (target, outbox_seq, accepted_at, portal_id, body, received_at)"
              " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (target, outbox_seq, received_at) DO NOTHING",
              {target, outbox_seq, receipt.accepted_at, receipt.portal_id, Blob{receipt.body}, receipt.received_at});
    c.execute("UPDATE receipt SET accepted_again_at = $1 WHERE target = $2 AND outbox_seq = $3",
              {receipt.accepted_at, target, outbox_seq});
    return false;
}

Result<Receipt> find(Connection& c, OrganizationId const& org, std::string const& target, std::int64_t outbox_seq)
{
    auto const rows = c.query(
        "SELECT r.portal_id, r.accepted_at, r.payload_sha256, r.key_id, r.signature, r.body, r.peer_certificate_sha256,"
        " r.received_at FROM receipt r JOIN outbox o ON o.seq = r.outbox_seq"
        " WHERE r.target = $1 AND r.outbox_seq = $2 AND o.org_id = $3",
        {target, outbox_seq, org});
    if (rows.empty()) return not_found("receipt.unknown");
    auto const& row = rows.front();
    return Receipt{row.text(0), row.instant(1), row.text(2), row.text(3),
                   row.text(4), row.blob(5),    row.text(6), row.instant(7)};
}

} // namespace nguon::db::receipts
