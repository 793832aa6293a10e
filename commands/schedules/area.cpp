// The commands on schedules of offers: what they decide, and how the engine gets at it. All are
// local: what is scheduled is done by the process offer-schedule (processes/schedules.cpp).
#include <span>

#include "commands/areas.hpp"
#include "commands/engine/handler.hpp"
#include "commands/engine/load.hpp"
#include "commands/json.hpp"
#include "commands/schedules/schedule.hpp"
#include "commands/time_in.hpp"
#include "core/overloaded.hpp"

namespace vitrine::commands {
namespace {

/// One of the times, as it is asked for.
struct Asked {
    const char* pointer;
    const std::optional<std::string>& text;
    std::optional<Timestamp> time = {};
};

void read(Asked& asked, const ScheduledOffer& offer, std::vector<Fault>& faults) {
    asked.time = time_in(asked.text, asked.pointer, faults);
    if (asked.time && *asked.time <= offer.now) {
        faults.push_back(
            {asked.pointer,
             "not_future",
             phrase("must be after now, {}", "deve ser depois de agora, {}", format_time(offer.now))
            }
        );
    }
}

/// Each is after those before it.
void check_order(std::span<const Asked> all, std::vector<Fault>& faults) {
    const Asked* before = nullptr;
    for (const auto& each : all) {
        if (!each.time) continue;
        if (before != nullptr && *each.time <= *before->time) {
            faults.push_back(
                {each.pointer,
                 "not_after",
                 phrase("must be after {}", "deve ser depois de {}", before->pointer + 1)}
            );
        }
        before = &each;
    }
}

std::unexpected<Rejection> illegal(Phrase detail) {
    return std::unexpected(Rejection{"illegal-transition", std::move(detail), {}});
}

/// What the offer cannot come to from how it is now; nullopt: nothing of it.
std::optional<Phrase> why_not(const events::OfferScheduled& wanted, OfferStatus status) {
    if (wanted.activate_at && status == OfferStatus::active) {
        return Phrase(
            "The offer is active already, so it cannot be scheduled to be activated.",
            "A oferta já está ativa, por isso sua ativação não pode ser agendada."
        );
    }
    if (wanted.pause_at && !wanted.activate_at && status != OfferStatus::active) {
        return Phrase(
            "The offer is not active, so that it is to be paused needs an activate_at before it.",
            "A oferta não está ativa, por isso pausá-la exige um activate_at antes."
        );
    }
    return std::nullopt;
}

bool is_so_already(const events::OfferScheduled& wanted, const ScheduleState& state) {
    return state.open && wanted.activate_at == state.activate_at &&
           wanted.pause_at == state.pause_at && wanted.archive_at == state.archive_at;
}

}  // namespace

ScheduleDecision decide(
    const ScheduleOffer& command, const ScheduleState& state, const ScheduledOffer& offer
) {
    if (!offer.status) {
        return std::unexpected(
            Rejection{"not-found", {"There is no such offer.", "Não existe esta oferta."}, {}}
        );
    }
    if (*offer.status == OfferStatus::archived)
        return illegal(
            {"The offer is archived, so nothing can be scheduled for it.",
             "A oferta está arquivada, por isso nada pode ser agendado para ela."}
        );
    Asked asked[] = {
        {"/activate_at", command.activate_at},
        {"/pause_at", command.pause_at},
        {"/archive_at", command.archive_at},
    };
    std::vector<Fault> faults;
    for (auto& each : asked) read(each, offer, faults);
    check_order(asked, faults);
    if (!command.activate_at && !command.pause_at && !command.archive_at) {
        faults.push_back(
            {"",
             "required",
             {"must have activate_at, pause_at or archive_at",
              "deve ter activate_at, pause_at ou archive_at"}}
        );
    }
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    const events::OfferScheduled scheduled{
        state.offer_id, asked[0].time, asked[1].time, asked[2].time
    };
    if (auto reason = why_not(scheduled, *offer.status)) return illegal(*std::move(reason));
    if (is_so_already(scheduled, state)) return ScheduleEvents{};
    return ScheduleEvents{scheduled};
}

ScheduleDecision decide(const CancelSchedule& command, const ScheduleState& state) {
    if (!state.open) {
        return illegal(
            {"Nothing is scheduled for the offer any more.",
             "Não há mais nada agendado para a oferta."}
        );
    }
    return ScheduleEvents{events::OfferScheduleCancelled{state.offer_id, command.reason}};
}

ScheduleState evolve(ScheduleState state, const events::ScheduleEvent& event) {
    std::visit(
        overloaded{
            [&](const events::OfferScheduled& e) {
                state.offer_id = e.offer_id;
                state.activate_at = e.activate_at;
                state.pause_at = e.pause_at;
                state.archive_at = e.archive_at;
                state.open = true;
            },
            [&](const events::OfferScheduleCancelled&) { state.open = false; },
        },
        event
    );
    ++state.version;
    return state;
}

ScheduleState evolve(ScheduleState state, const events::ProcessEvent& event) {
    const auto* waiting = std::get_if<events::ProcessWaiting>(&event);
    if (waiting != nullptr && waiting->state == events::process_state::done) state.open = false;
    ++state.version;
    return state;
}

namespace {

constexpr Entity schedule_entity{
    .name = "schedule",
    .collection = "/v1/offers",
    .this_one = {"schedule", "este agendamento"},
    .has_process = true
};

ScheduleState load_schedule(const Preparation& from) {
    ScheduleState state;
    state.offer_id = OfferId(from.entity_id);
    for_each_event(
        from.store,
        from.tenant,
        StreamName("schedule-" + from.entity_id),
        1,
        [&state](const events::RecordedEvent& recorded) {
            if (const auto event = events::decode<events::ScheduleEvent>(recorded))
                state = evolve(std::move(state), *event);
            if (const auto general = events::decode<events::ProcessEvent>(recorded))
                state = evolve(std::move(state), *general);
        }
    );
    return state;
}

struct ScheduleOfferHandling {
    struct Known {
        ScheduleState schedule;
        ScheduledOffer offer;
    };

    static ScheduleOffer parse(const Preparation& from) {
        return {
            .activate_at = text_member(from.body, "activate_at"),
            .pause_at = text_member(from.body, "pause_at"),
            .archive_at = text_member(from.body, "archive_at"),
        };
    }

    static Known load(const Preparation& from, const ScheduleOffer&) {
        Known known{load_schedule(from), {std::nullopt, from.now}};
        const auto offer = load_offer(from.store, from.tenant, OfferId(from.entity_id));
        if (offer.version != 0) known.offer.status = offer.status;
        return known;
    }

    static ScheduleDecision
    decide(const ScheduleOffer& command, const Known& known, const Preparation&) {
        return commands::decide(command, known.schedule, known.offer);
    }

    static JsonText answer(const ScheduleOffer&, const Known&, const Preparation&) {
        return status_answer("scheduled");
    }
};

struct CancelScheduleHandling {
    static CancelSchedule parse(const Preparation& from) {
        return {text_member(from.body, "reason")};
    }

    static ScheduleState load(const Preparation& from, const CancelSchedule&) {
        return load_schedule(from);
    }

    static ScheduleDecision
    decide(const CancelSchedule& command, const ScheduleState& state, const Preparation&) {
        return commands::decide(command, state);
    }

    static JsonText answer(const CancelSchedule&, const ScheduleState&, const Preparation&) {
        return status_answer("cancelled");
    }
};

}  // namespace

std::span<const Definition> schedule_commands() {
    static const Definition table[] = {
        {.name = "ScheduleOffer",
         .method = "PUT",
         .route = "/v1/offers/{id}/schedule",
         .entity = schedule_entity,
         .begins = true,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "schedule_offer.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<ScheduleOfferHandling>,
         .problems = {"not-found", "illegal-transition"}},
        {.name = "CancelSchedule",
         .method = "DELETE",
         .route = "/v1/offers/{id}/schedule",
         .entity = schedule_entity,
         .schema =
             [] {
                 static constexpr char text[] = {
#embed "cancel_schedule.schema.json"
                 };
                 return std::string_view(text, sizeof text);
             }(),
         .handler = handled_by<CancelScheduleHandling>},
    };
    return table;
}

}  // namespace vitrine::commands
