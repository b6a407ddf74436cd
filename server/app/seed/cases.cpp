#include "server/app/seed/cases.hpp"

#include "db/sanctions.hpp"
#include "server/app/inspections.hpp"
#include "server/app/lot_file.hpp"
#include "server/app/personal_requests.hpp"
#include "server/app/sanctions.hpp"
#include "server/app/seed/demo_data.hpp"

#include <algorithm>

namespace nguon::server::app::seed {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view basis = "Kế hoạch kiểm tra số 27/KH-SKHCN (DỮ LIỆU MINH HỌA)";

std::string inspector_of(World const& world)
{
    auto const found = std::ranges::find(world.accounts, "thanh.tra", &std::pair<std::string, std::string>::first);
    return found == world.accounts.end() ? world.operators[0] : found->second;
}

Result<std::string> plan_one(db::Connection& c, World const& world, Firm const& firm, int planned_in, Instant at)
{
    InspectionPlan plan;
    plan.org = firm.id;
    plan.product = firm.products.front().id;
    plan.checklist = db::inspections::checklists(c).front().id;
    plan.inspector = inspector_of(world);
    plan.planned_on = to_iso(world.day(-planned_in));
    plan.basis = basis;
    plan.purpose = "Truy xuất nguồn gốc và tem của sản phẩm";
    return plan_inspection(c, {inspector_of(world), {}, "seed", at}, plan);
}

/// Answers all items; the first `unmet` of them are not met.
std::vector<db::inspections::Answer> answers(db::Connection& c, std::string const& id, std::int64_t unmet)
{
    std::vector<db::inspections::Answer> out;
    auto const view = read_inspection(c, id);
    if (!view) return out;
    for (auto const& item : view->checklist.items) {
        bool const met = item.number > unmet;
        out.push_back({item.number, met ? "met" : "unmet", met ? "" : "Chưa thấy tại nơi làm việc"});
    }
    return out;
}

/// Done `days` ago. What was unmet must be put right by `due_in` days from today.
void plan_finished(World& world, Firm& firm, int days, std::int64_t unmet, int due_in)
{
    auto const at = world.moment(days, 14, 20);
    world.plan.add(at, [&world, &firm, days, unmet, due_in, at](db::Connection& c) -> Status {
        auto const id = plan_one(c, world, firm, -days, at);
        if (!id) return id.error();
        Actor const actor{inspector_of(world), {}, "seed", at};
        InspectionDraft draft;
        draft.answers = answers(c, *id, unmet);
        draft.place = firm.factory.place.name;
        draft.present = firm.owner_name;
        draft.opinion = "Đơn vị thống nhất với biên bản.";
        draft.finding = unmet == 0 ? "Hồ sơ đầy đủ, tem khớp hàng." : "Còn thiếu phân công và quy trình tại xưởng.";
        draft.conclusion = unmet == 0 ? "compliant" : "minor";
        draft.actions.emplace();
        if (unmet > 0)
            draft.actions->push_back(
                {1, "Viết quy trình, phân công người phụ trách và treo tại xưởng", to_iso(world.day(-due_in)), {}, {}});
        if (auto saved = save_inspection(c, actor, *id, draft); !saved) return saved;
        return finish_inspection(c, actor, *id);
    });
}

void plan_inspections(World& world)
{
    plan_finished(world, world.firms[2], 24, 2, -4); // overdue since four days
    plan_finished(world, world.firms[1], 40, 0, 0);
    plan_finished(world, world.firms[4], 9, 1, 12);
    auto const at = world.moment(3, 9, 12);
    world.plan.add(at, [&world, at](db::Connection& c) -> Status {
        auto const open = plan_one(c, world, world.firms[0], -3, at);
        if (!open) return open.error();
        InspectionDraft draft;
        draft.answers = answers(c, *open, 0);
        draft.answers.resize(draft.answers.size() / 2);
        if (auto saved = save_inspection(c, {inspector_of(world), {}, "seed", at}, *open, draft); !saved) return saved;
        auto const next = plan_one(c, world, world.firms[3], 5, at);
        if (!next) return next.error();
        return Done{};
    });
}

/// A display was stopped, explained and put back.
void plan_suspension(World& world)
{
    auto& product = world.firms[3].products[1];
    auto const id = std::make_shared<std::string>();
    world.plan.add(world.moment(20, 10), [&world, &product, id](db::Connection& c) -> Status {
        auto imposed = impose_sanction(
            c, officer(world, 0, world.moment(20, 10)),
            {"suspend", "product", product.id.text(), "Hạn dùng trên trang khác với nhãn, chờ đơn vị giải trình.", ""});
        if (!imposed) return imposed.error();
        *id = *std::move(imposed);
        return Done{};
    });
    world.plan.add(world.moment(20, 16), [&world, &product, id](db::Connection& c) {
        return explain_sanction(c, actor_of(*product.firm, world.moment(20, 16)), *id,
                                "Nhập nhầm hạn dùng của loại 500 g; đã sửa và kiểm tra lại các lô khác.");
    });
    world.plan.add(world.moment(19, 9), [&world, id](db::Connection& c) {
        return lift_sanction(c, officer(world, 1, world.moment(19, 9)), *id, "Đã sửa, thông tin khớp nhãn.");
    });
}

void plan_requests(World& world)
{
    auto const asked = world.moment(1, 8, 40);
    world.plan.add(asked, [&world, asked](db::Connection& c) -> Status {
        NewPersonalRequest wanted{"erasure", "Lù Thị Minh Họa", new_phone(world.chance),
                                  "Tôi không còn là hộ thành viên, xin xóa số điện thoại của tôi."};
        auto const code = ask_about_personal_data(c, {"consumer", {}, "seed", asked}, wanted);
        if (!code) return code.error();
        return Done{};
    });
    auto const letter = world.moment(0, 7, 30);
    world.plan.add(letter, [&world, letter](db::Connection& c) -> Status {
        auto const& lots = world.lots;
        auto const lot =
            std::ranges::find_if(lots, [&](Lot const& one) { return one.product->firm == &world.firms[2]; });
        if (lot == lots.end()) return Done{};
        auto const id = open_data_request(c, officer(world, 0, letter), lot->id,
                                          "Chi cục An toàn thực phẩm, công văn 158/ATTP (DỮ LIỆU MINH HỌA)");
        if (!id) return id.error();
        return Done{};
    });
}

} // namespace

void plan_desk_cases(World& world)
{
    plan_inspections(world);
    plan_suspension(world);
    plan_requests(world);
}

} // namespace nguon::server::app::seed
