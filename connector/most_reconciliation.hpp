#pragma once

#include "connector/reconciliation.hpp"

#include <memory>

namespace nguon::connector {

class MostTarget;

/// Compares hour by hour: the portal says how many records it accepted in each and their digest. What differs is
/// divided until it is few enough, then listed.
///
///     GET …/DoiSoat/TongHop?tu=ISO&den=ISO          [{"gio","soLuong","maBam"}], hours that have any
///     GET …/DoiSoat/BanGhi?tu=ISO&den=ISO&sau=KEY   [{"khoa","maBam","loai","maBanGhi","phienBan","id","thoiGian"}]
///                                                   in the order of the keys, behind KEY; the last page is empty
std::unique_ptr<Reconciliation> make_most_reconciliation(MostTarget& target, ReconcileRange range);

} // namespace nguon::connector
