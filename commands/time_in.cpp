#include "commands/time_in.hpp"

#include <utility>

namespace vitrine::commands {

Fault no_time(std::string pointer) {
    return {
        std::move(pointer),
        "no_time",
        {"must be a time of RFC 3339 with an offset (2026-12-01T00:00:00-03:00): a local time "
         "alone "
         "can be two moments, or none",
         "deve ser um horário da RFC 3339 com fuso (2026-12-01T00:00:00-03:00): só o horário local "
         "pode ser dois instantes, ou nenhum"}
    };
}

std::optional<Timestamp> time_in(
    const std::optional<std::string>& text, const char* pointer, std::vector<Fault>& faults
) {
    if (!text) return std::nullopt;
    const auto time = parse_time(*text);
    if (!time) faults.push_back(no_time(pointer));
    return time;
}

}  // namespace vitrine::commands
