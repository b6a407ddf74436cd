#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "core/files.hpp"
#include "core/office/pdf.hpp"
#include "core/runtime/clock.hpp"
#include "server/app/programme_report.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

#include <nlohmann/json.hpp>

namespace nguon::cli {
namespace {

namespace app = server::app;

struct ReportOptions {
    InstallationOptions installation;
    std::string plan;
    std::string from;
    std::string to;
    std::string format = "docx";
    std::filesystem::path out;
};

Result<app::ProgrammeReport> read(ReportOptions const& options)
{
    auto const settings = load_settings(options.installation);
    if (!settings) return settings.error();
    auto const database = open_to_read(options.installation, *settings);
    if (!database) return database.error();
    auto const now = SystemClock{}.now();
    auto work = [&](db::Connection& c) -> Result<app::ProgrammeReport> {
        auto const plan = app::find_plan(c, options.plan);
        if (!plan) return plan.error();
        auto const range = app::range_of(*plan, options.from, options.to, vietnam_date(now));
        if (!range) return range.error();
        return app::read_report(c, options.plan, range->from, range->to, now);
    };
    return (*database)->read_now(work);
}

Result<std::string> bytes_of(ReportOptions const& options, app::ProgrammeReport const& report)
{
    if (options.format == "xlsx") return office::write_workbook(app::report_sheets(sentences(), report));
    auto docx = office::to_docx(app::report_document(sentences(), report));
    if (options.format == "docx") return docx;
    return office::PdfMaker{}.make_now(docx);
}

int run_report(ReportOptions const& options)
{
    auto const report = read(options);
    if (!report) return fail(report.error());
    auto const bytes = bytes_of(options, *report);
    if (!bytes) return fail(bytes.error());
    if (auto const written = write_file(options.out, *bytes, readable_by_group); !written) return fail(written.error());
    auto indicators = nlohmann::json::object();
    for (auto const& figure : report->figures.figures)
        indicators[figure.indicator.id] = figure.value ? nlohmann::json(*figure.value) : nlohmann::json();
    std::cout << nlohmann::json{{"plan", options.plan},
                                {"from", to_iso(report->figures.from)},
                                {"to", to_iso(report->figures.to)},
                                {"file", options.out.string()},
                                {"bytes", bytes->size()},
                                {"indicators", std::move(indicators)}}
                     .dump()
              << '\n';
    return 0;
}

} // namespace

void add_report(CLI::App& app, Run& run)
{
    auto const options = std::make_shared<ReportOptions>();
    auto* command = app.add_subcommand("report", "the programme's report against a plan's targets");
    options->installation.add_to(*command);
    command->add_option("--plan", options->plan, "id of the plan: lai_chau, …")->required();
    command->add_option("--from", options->from, "first day; default: of the plan's period that lasts");
    command->add_option("--to", options->to, "last day");
    command->add_option("--format", options->format, "docx (Decree 30/2020), xlsx (figures and evidence) or pdf")
        ->check(CLI::IsMember({"docx", "xlsx", "pdf"}))
        ->capture_default_str();
    command->add_option("-o,--output", options->out, "the file to write")->required();
    command->callback([options, &run] { run = [options] { return run_report(*options); }; });
}

} // namespace nguon::cli
