#include "api/cli/rebuild_text.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/printable.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

std::uint64_t number(const Json& json, const char* name) {
    return json.at(name).get<std::uint64_t>();
}

std::string table_text(const Json& table) {
    const auto only_live = number(table, "only_live");
    const auto only_rebuilt = number(table, "only_rebuilt");
    const auto different = number(table, "different");
    const auto name = table.at("table").get<std::string>();
    const auto rows = number(table, "rebuilt_rows");
    const auto digest = table.at("rebuilt_digest").get<std::string>();
    if (only_live + only_rebuilt + different == 0)
        return fmt::format("  {}: {} rows, equal, digest {}\n", name, rows, digest);
    return fmt::format(
        "  {}: {} rows; {} different, {} only in the live one, {} only in the rebuilt one\n"
        "    digest live {} | rebuilt {}\n",
        name,
        rows,
        different,
        only_live,
        only_rebuilt,
        table.at("live_digest").get<std::string>(),
        digest
    );
}

std::string row_text(const Json& row) {
    const auto text = [&row](const char* name) {
        return printable_line(row.value(name, std::string()));
    };
    if (!row.contains("column")) {
        const auto* side = text("live").empty() ? "rebuilt" : "live";
        return fmt::format("    {} {}: only in the {} one\n", text("table"), text("key"), side);
    }
    return fmt::format(
        "    {} {} {}: live {} | rebuilt {}\n",
        text("table"),
        text("key"),
        text("column"),
        text("live"),
        text("rebuilt")
    );
}

}  // namespace

std::string compared_text(const Json& compared) {
    const auto name = compared.at("name").get<std::string>();
    if (compared.contains("live_fault")) {
        return fmt::format(
            "{}: the live one cannot be compared: {}\n",
            name,
            printable_line(compared["live_fault"].get<std::string>())
        );
    }
    auto text = name + ": compared with the live one\n";
    for (const auto& table : compared.at("comparison").at("tables")) text += table_text(table);
    for (const auto& row : compared.at("comparison").at("examples")) text += row_text(row);
    return text;
}

std::string report_text(const Json& report) {
    const auto events = number(report, "events");
    const auto seconds = report.at("seconds").get<double>();
    auto text = fmt::format(
        "{}: {} events in {:.2f} s ({:.0f}/s), position {}{}\n",
        report.at("name").get<std::string>(),
        events,
        seconds,
        seconds > 0 ? static_cast<double>(events) / seconds : 0.0,
        number(report, "position"),
        report.at("switched").get<bool>()
            ? fmt::format(", now generation {}", number(report, "generation"))
            : std::string(", nothing switched")
    );
    if (report.contains("continued")) {
        text += fmt::format(
            "  an interrupted build was continued at position {}\n", number(report, "continued")
        );
    }
    return text;
}

std::string dropped_text(const Json& outcome) {
    const auto dropped = number(outcome, "dropped");
    if (dropped == 0) return "no file of a former version was kept\n";
    if (dropped == 1) return "the file of 1 former version was removed\n";
    return fmt::format("the files of {} former versions were removed\n", dropped);
}

bool differs(const Json& report) {
    if (report.contains("live_fault")) return true;
    return report.contains("comparison") && !report["comparison"]["equal"].get<bool>();
}

}  // namespace vitrine::api
