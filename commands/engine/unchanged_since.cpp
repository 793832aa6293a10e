#include "commands/engine/unchanged_since.hpp"

#include <boost/mp11/algorithm.hpp>
#include <string_view>
#include <type_traits>

#include "events/processes.hpp"
#include "events/structs_of.hpp"

namespace vitrine::commands {
namespace {

constexpr std::size_t page = 32;

bool is_general(std::string_view type) {
    bool is = false;
    boost::mp11::mp_for_each<
        boost::mp11::mp_transform<std::type_identity, events::structs_of<events::ProcessEvent>>>(
        [&]<class Event>(std::type_identity<Event>) { is = is || Event::event_type == type; }
    );
    return is;
}

}  // namespace

Version unchanged_since(
    store::EventStore& store, const TenantId& tenant, const StreamName& stream, Version version
) {
    auto from = version;
    while (from != 0) {
        const auto events =
            store.read_stream(tenant, stream, from, page, store::Direction::backwards);
        if (events.empty()) break;
        for (const auto& event : events)
            if (!is_general(event.type)) return event.version;
        from = events.back().version - 1;
    }
    return version;
}

}  // namespace vitrine::commands
