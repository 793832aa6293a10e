#include "queries/events/event_feed.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "core/nearest.hpp"
#include "events/catalogue.hpp"
#include "queries/events/cloud_events.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

/// Each once, in the order of the catalogue.
std::vector<std::string> categories() {
    std::vector<std::string> all;
    for (const auto& type : events::catalogue()) {
        if (std::ranges::find(all, type.category) == all.end()) all.emplace_back(type.category);
    }
    return all;
}

std::vector<std::string> type_names() {
    std::vector<std::string> names;
    for (const auto& type : events::catalogue()) names.emplace_back(type.name);
    return names;
}

store::Filter read_filter(
    const TenantId& tenant, const FeedParameters& parameters, std::vector<Fault>& faults
) {
    store::Filter filter;
    filter.tenant = tenant;
    if (parameters.category) {
        filter.category = *parameters.category;
        auto known = categories();
        if (std::ranges::find(known, filter.category) == known.end()) {
            std::erase_if(known, events::is_operator_category);  // no seller has events of these
            faults.push_back(
                {"/category",
                 "unknown",
                 phrase(
                     "category is one of {}",
                     "category é uma destas: {}",
                     fmt::format("{}", fmt::join(known, ", "))
                 )}
            );
        }
    }
    for (const auto& list : parameters.types) {
        for (auto& type : split_list(list)) {
            if (events::find_event_type(type) == nullptr) {
                faults.push_back(
                    {"/type",
                     "unknown",
                     phrase("there is no event type {}", "não existe o tipo de evento {}", type) +
                         meant_phrase(type, type_names())}
                );
            }
            filter.types.push_back(std::move(type));
        }
    }
    return filter;
}

/// No farther than the position that comes next: who is told of farther ones followed another log,
/// or one that has been put back, and would miss what comes.
std::optional<Position> read_from(
    const std::optional<std::string>& from, Position head, std::vector<Fault>& faults
) {
    const auto position = from ? parse_number(*from) : 1;
    if (!position) {
        faults.push_back(
            {"/from",
             "invalid",
             {"from is a position: a whole number", "from é uma posição: um número inteiro"}}
        );
        return std::nullopt;
    }
    if (*position > head + 1) {
        faults.push_back(
            {"/from",
             "maximum",
             phrase(
                 "the next position of the log is {}",
                 "a próxima posição do registro é {}",
                 head + 1
             )}
        );
    }
    return std::max<Position>(*position, 1);
}

}  // namespace

Result event_feed(const ReadSide& reads, const TenantId& tenant, const FeedParameters& parameters) {
    std::vector<Fault> faults;
    const auto filter = read_filter(tenant, parameters, faults);
    const auto limit = read_limit(parameters.limit, faults);
    // Before reading, so that next_position never passes over an event that comes meanwhile.
    const auto head = reads.store.head();
    const auto from = read_from(parameters.from, head, faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));

    const auto start = *from;
    const auto events = reads.store.read_all(start, filter, limit, store::Direction::forwards);
    auto next = head + 1;
    if (!events.empty()) {
        const auto after = events.back().position + 1;
        next = events.size() == limit ? after : std::max(next, after);
    }
    Answer answer;
    answer.position = head;
    answer.body =
        "{\"events\":" + event_list(events) + ",\"next_position\":" + std::to_string(next) + '}';
    return answer;
}

std::expected<Following, QueryError> follow_events(
    const ReadSide& reads,
    const TenantId& tenant,
    const FeedParameters& parameters,
    const std::optional<std::string>& last_event_id
) {
    std::vector<Fault> faults;
    Following following{read_filter(tenant, parameters, faults), 0};
    if (parameters.limit) {
        faults.push_back(
            {"/limit",
             "conflict",
             {"cannot be given together with Accept: text/event-stream",
              "não pode ser usado junto com Accept: text/event-stream"}}
        );
    }
    if (last_event_id) {
        const auto seen = parse_number(*last_event_id);
        if (!seen) {
            faults.push_back(
                {"/Last-Event-ID",
                 "invalid",
                 {"is a position: a whole number", "é uma posição: um número inteiro"}}
            );
        } else if (*seen > reads.store.head()) {
            faults.push_back(
                {"/Last-Event-ID",
                 "maximum",
                 {"is above the last position of the log",
                  "está acima da última posição do registro"}}
            );
        }
        following.after = seen.value_or(0);
    } else {
        following.after = read_from(parameters.from, reads.store.head(), faults).value_or(1) - 1;
    }
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    return following;
}

}  // namespace vitrine::queries
