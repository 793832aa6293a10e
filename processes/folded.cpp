#include "processes/folded.hpp"

#include <algorithm>

#include "commands/engine/load.hpp"
#include "core/overloaded.hpp"
#include "processes/signal_id.hpp"

namespace vitrine::processes {
namespace {

std::optional<WantedEffect> effect_in(const Wanted& wanted, const EffectName& name) {
    const auto found = std::ranges::find_if(wanted.effects, [&](const WantedEffect& effect) {
        return effect.name == name.first && effect.key == name.second;
    });
    return found == wanted.effects.end() ? std::nullopt : std::optional(*found);
}

/// Intents say which effect it is; what it is follows from the state in which it was intended,
/// which general events leave as it was.
void note(
    const Kind& kind,
    Folded& folded,
    const events::ProcessEvent& general,
    const events::RecordedEvent& event
) {
    std::visit(
        overloaded{
            [&](const events::ProcessOpened&) { folded.opened = true; },
            [&](const events::ProcessTimerSet& set) {
                folded.timers[set.timer] = {set.due, event.version, event.id};
            },
            [&](const events::ProcessTimerCancelled& cancelled) {
                folded.timers.erase(cancelled.timer);
            },
            [&](const events::ProcessTimerFired& fired) {
                folded.timers.erase(fired.timer);
                folded.fired.emplace(fired.timer, fired.due);
            },
            [&](const events::ProcessEffectIntended& intended) {
                const EffectName name(intended.effect, intended.key);
                folded.under_way[name] = {
                    event.version, event.id, effect_in(kind.wanted(folded.state), name)
                };
            },
            [&](const events::ProcessEffectPutOff& put_off) {
                const auto found = folded.under_way.find({put_off.effect, put_off.key});
                if (found != folded.under_way.end()) found->second.put_off = put_off;
            },
            [&](const events::ProcessAsked& asked) { folded.asked.push_back(asked); },
            [&](const events::ProcessAnswered& answered) {
                std::erase_if(folded.asked, [&](const events::ProcessAsked& asked) {
                    return asked.command_id == answered.command_id;
                });
            },
            [&](const events::ProcessEffectEnded& ended) {
                const EffectName name(ended.effect, ended.key);
                folded.under_way.erase(name);
                folded.ended.insert(name);
            },
            [](const events::ProcessSignalIgnored&) {},
            [&](const events::ProcessWaiting& waiting) { folded.waiting = waiting; }
        },
        general
    );
}

}  // namespace

bool Folded::has_taken(const ProcessName& process, const std::string& signal) const {
    return events.contains(event_id_of(process, signal, 0));
}

Folded nothing_of(const Kind& kind) {
    Folded folded;
    folded.state = kind.begin();
    return folded;
}

void apply(const Kind& kind, Folded& folded, const events::RecordedEvent& event) {
    if (const auto general = events::decode<events::ProcessEvent>(event))
        note(kind, folded, *general, event);
    kind.evolve(folded.state, event);
    if (event.version == 1 && !event.metadata.empty())
        folded.correlation_id = events::decode_metadata(event.metadata).correlation_id;
    folded.version = event.version;
    folded.last = event.id;
    folded.events.insert(event.id);
}

Folded catch_up(
    store::EventStore& store, const Kind& kind, const ProcessName& process, Folded folded
) {
    commands::for_each_event(
        store,
        process.tenant,
        kind.stream_of(process.id),
        folded.version + 1,
        [&](const events::RecordedEvent& event) { apply(kind, folded, event); }
    );
    return folded;
}

}  // namespace vitrine::processes
