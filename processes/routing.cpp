#include "processes/routing.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "events/envelope.hpp"

namespace vitrine::processes {
namespace {

bool is_own(const Kind& kind, const events::RecordedEvent& event) {
    return events::category_of(event.stream) == kind.category &&
           std::ranges::find(kind.own_events, event.type) != kind.own_events.end();
}

bool is_fact(const Kind& kind, const events::RecordedEvent& event) {
    return kind.signals != nullptr && std::ranges::find(kind.facts, event.type) != kind.facts.end();
}

class Routing {
public:
    void add(ProcessName process, Input input, const store::SharedEvent& event, bool waits = true) {
        const auto [place, is_new] = places_.emplace(std::move(process), routed_.size());
        if (is_new) routed_.push_back({place->first, {}});
        auto& inputs = routed_[place->second].inputs;
        const bool compares = std::holds_alternative<Compare>(input);
        if (compares && !inputs.empty() && std::holds_alternative<Compare>(inputs.back().input)) {
            inputs.back().event = event;
        } else {
            inputs.push_back({std::move(input), event, waits});
        }
    }

    std::vector<DueOf> end() { return std::move(routed_); }

private:
    std::map<ProcessName, std::size_t> places_;
    std::vector<DueOf> routed_;
};

}  // namespace

store::Filter filter_of(const std::vector<Kind>& kinds) {
    store::Filter filter;
    for (const auto& kind : kinds) {
        filter.types.insert(filter.types.end(), kind.own_events.begin(), kind.own_events.end());
        filter.types.insert(filter.types.end(), kind.facts.begin(), kind.facts.end());
    }
    std::ranges::sort(filter.types);
    const auto twice = std::ranges::unique(filter.types);
    filter.types.erase(twice.begin(), twice.end());
    return filter;
}

std::optional<Input> input_of(
    const Kind& kind, const ProcessName& process, const store::SharedEvent& event
) {
    if (is_own(kind, *event) && event->stream == kind.stream_of(process.id)) return Compare{};
    if (is_fact(kind, *event)) return TakeFact{event};
    return std::nullopt;
}

std::vector<DueOf> route(const std::vector<Kind>& kinds, const LogReader::Page& page) {
    Routing routing;
    for (const auto& event : page) {
        for (const auto& kind : kinds) {
            const auto name = [&](std::string_view id) {
                return ProcessName{event->tenant, std::string(kind.name), std::string(id)};
            };
            if (is_own(kind, *event))
                routing.add(name(events::id_of(event->stream)), Compare{}, event);
            if (!is_fact(kind, *event)) continue;
            for (const auto& routed : kind.signals(*event))
                routing.add(name(routed.id), TakeFact{event}, event, routed.waits);
        }
    }
    return routing.end();
}

}  // namespace vitrine::processes
