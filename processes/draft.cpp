#include "processes/draft.hpp"

#include <algorithm>
#include <utility>

#include "core/overloaded.hpp"
#include "events/new_event.hpp"
#include "processes/signal_id.hpp"

namespace vitrine::processes {
namespace {

std::string portuguese(const Phrase& phrase) {
    return phrase.in(Language::portuguese);
}

class Drafting {
public:
    Drafting(const Kind& kind, const ProcessName& process, Folded before, Timestamp now)
        : kind_(kind), process_(process), now_(now) {
        draft_.timers_before = before.timers;
        draft_.after = std::move(before);
    }

    /// `cause`: the id of the event that is reacted to.
    void begin(std::string signal, const EventId& cause) {
        signal_ = std::move(signal);
        events::Metadata metadata;
        metadata.correlation_id = draft_.after.correlation_id;
        metadata.causation_id = cause.str();
        metadata.actor = actor_of(process_);
        metadata_ = events::encode_metadata(metadata);
    }

    void add(events::Encoded encoded) {
        auto event = events::new_event(
            event_id_of(process_, signal_, draft_.events.size()),
            std::move(encoded),
            metadata_,
            now_
        );
        events::RecordedEvent recorded;
        recorded.id = event.id;
        recorded.tenant = process_.tenant;
        recorded.stream = kind_.stream_of(process_.id);
        recorded.version = draft_.after.version + 1;
        recorded.type = event.type;
        recorded.schema = event.schema;
        recorded.data = event.data;
        recorded.occurred_at = now_;
        apply(kind_, draft_.after, recorded);
        draft_.events.push_back(std::move(event));
    }

    template <class General>
    void note(General general) {
        general.kind = std::string(kind_.name);
        add(events::encode(general));
    }

    void react(const Reaction& reaction) {
        if (const auto* ignored = std::get_if<Ignored>(&reaction)) {
            note(events::ProcessSignalIgnored{
                "", signal_, ignored->reason.english(), portuguese(ignored->reason)
            });
            return;
        }
        for (const auto& event : std::get<0>(reaction)) add(event);
    }

    bool is_empty() const { return draft_.events.empty(); }

    void compare() {
        const auto wanted = kind_.wanted(draft_.after.state);
        if (!draft_.after.opened) note(events::ProcessOpened{});
        compare_effects(wanted);
        compare_timers(wanted);
        events::ProcessWaiting waiting{
            std::string(kind_.name),
            wanted.waits_for.english(),
            portuguese(wanted.waits_for),
            std::string(wanted.state)
        };
        auto told = draft_.after.waiting;
        told.kind = waiting.kind;
        if (waiting != told) note(std::move(waiting));
        answer_commands();
    }

    Draft end() { return std::move(draft_); }

private:
    void compare_effects(const Wanted& wanted) {
        for (const auto& effect : wanted.effects) {
            const EffectName name(effect.name, effect.key);
            if (draft_.after.under_way.contains(name) || draft_.after.ended.contains(name))
                continue;
            note(events::ProcessEffectIntended{
                "",
                effect.name,
                effect.key,
                effect.effect.connector,
                effect.summary.english(),
                portuguese(effect.summary)
            });
        }
    }

    void compare_timers(const Wanted& wanted) {
        const auto set = draft_.after.timers;
        for (const auto& [name, timer] : set) {
            const auto found = std::ranges::find(wanted.timers, name, &WantedTimer::name);
            if (found == wanted.timers.end() || found->due != timer.due)
                note(events::ProcessTimerCancelled{"", name});
        }
        for (const auto& timer : wanted.timers) {
            if (draft_.after.timers.contains(timer.name) ||
                draft_.after.fired.contains({timer.name, timer.due}))
                continue;
            note(events::ProcessTimerSet{"", timer.name, timer.due});
        }
    }

    void answer_commands() {
        if (kind_.answer == nullptr) return;
        const auto asked = draft_.after.asked;
        std::vector<std::pair<events::ProcessAsked, commands::ProcessAnswer>> answers;
        for (const auto& each : asked) {
            auto answer = kind_.answer(draft_.after.state, each);
            if (!answer) continue;
            note(events::ProcessAnswered{
                "",
                each.command,
                each.command_id,
                answer->refused ? answer->refused->status : answer->status,
                answer->refused ? answer->refused->problem : ""
            });
            answers.emplace_back(each, *std::move(answer));
        }
        for (const auto& [each, answer] : answers)
            draft_.answers.push_back(conclusion_of(answer, command_of(each)));
    }

    commands::AnsweredCommand command_of(const events::ProcessAsked& asked) const {
        commands::AnsweredCommand command;
        command.head.id = CommandId(asked.command_id);
        command.head.name = asked.command;
        command.head.correlation_id = draft_.after.correlation_id;
        command.head.stream = kind_.stream_of(process_.id);
        command.head.accepted_at = now_;
        command.entity = kind_.entity;
        command.entity_id = process_.id;
        command.version = draft_.after.version;
        return command;
    }

    const Kind& kind_;
    const ProcessName& process_;
    Timestamp now_;
    std::string signal_;
    std::string metadata_;
    Draft draft_;
};

}  // namespace

Draft draft(
    const Kind& kind, const ProcessName& process, Folded before, const Input& input, Timestamp now
) {
    const auto state = before.state;
    const auto is_taken = [&](const std::string& signal) {
        return before.has_taken(process, signal);
    };
    // What is compared has no signal of its own: the version makes the ids new ones.
    std::string signal = comparison_signal(before.version);
    EventId cause = before.last;
    std::optional<Reaction> reaction;
    std::optional<events::Encoded> lead;
    std::visit(
        overloaded{
            [](const Compare&) {},
            [&](const TakeFact& fact) {
                const auto name = fact_signal(fact.event->id);
                if (is_taken(name)) return;
                signal = name;
                cause = fact.event->id;
                reaction = kind.react(state, Fact{*fact.event});
            },
            [&](const events::ProcessEffectEnded& ended) {
                const auto found = before.under_way.find({ended.effect, ended.key});
                if (found == before.under_way.end()) return;
                signal = effect_signal(ended.effect, ended.key);
                cause = found->second.event;
                reaction = kind.react(state, ended);
                lead = events::encode(ended);
            },
            [&](const events::ProcessEffectPutOff& put_off) {
                const auto found = before.under_way.find({put_off.effect, put_off.key});
                if (found == before.under_way.end()) return;
                const auto& known = found->second.put_off;
                if (known && known->attempts >= put_off.attempts) return;
                signal = put_off_signal(put_off.effect, put_off.key, put_off.attempts);
                cause = found->second.event;
                lead = events::encode(put_off);
            },
            [&](const events::ProcessTimerFired& fired) {
                const auto found = before.timers.find(fired.timer);
                if (found == before.timers.end() || found->second.due != fired.due) return;
                signal = timer_signal(fired.timer, found->second.set_at);
                cause = found->second.event;
                reaction = kind.react(state, fired);
                lead = events::encode(fired);
            }
        },
        input
    );
    Drafting drafting(kind, process, std::move(before), now);
    drafting.begin(std::move(signal), cause);
    if (lead) drafting.add(*std::move(lead));
    if (reaction) {
        drafting.react(*reaction);
        // What has left no trace could be taken again in another state.
        if (drafting.is_empty()) {
            drafting.react(Ignored{
                {"Nothing follows from it as things are.", "Nada decorre dele como as coisas estão."
                }
            });
        }
    }
    drafting.compare();
    return drafting.end();
}

}  // namespace vitrine::processes
