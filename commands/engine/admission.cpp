#include "commands/engine/admission.hpp"

#include <algorithm>

#include "commands/engine/card_data.hpp"
#include "commands/engine/rule_faults.hpp"
#include "commands/json.hpp"
#include "commands/problem_of.hpp"
#include "store/erased.hpp"
#include "store/read.hpp"

namespace vitrine::commands {

Admission::Admission(const BusParts& parts, Turns& turns) : parts_(parts), turns_(turns) {
    for (const auto& definition : parts_.commands)
        schemas_.emplace(definition.name, Schema(definition.schema));
}

Admission::Refused Admission::admit(Intake& intake, KeyHold& hold) {
    const auto& from = intake.request;
    if (const auto as_id = intake.definition->entity.as_id)
        intake.request.entity_id = as_id(from.entity_id);

    auto body = read_body(from.body);
    if (!body) {
        auto problem = problem_named("malformed-request", body.error().detail);
        problem.faults = {body.error()};
        co_return reply_of(problem);
    }
    if (intake.definition->refuses_cards && has_card_data(body->json))
        co_return reply_of(problem_named("card-data-not-accepted", {}));
    intake.body = std::move(body->json);
    intake.inexact_numbers = std::move(body->inexact_numbers);
    intake.head.name = from.name;
    intake.head.principal = from.principal.name;
    intake.head.traceparent = from.traceparent;
    intake.head.body = JsonText(intake.body.dump());

    if (from.idempotency_key && !from.dry_run) {
        intake.head.idempotency_key = from.idempotency_key;
        intake.head.fingerprint = fingerprint_of(from, intake.body);
        auto asking = answer_by_key(intake, hold);
        if (auto reply = co_await std::move(asking)) co_return reply;
    }
    intake.head.correlation_id = from.correlation_id.empty() ? CorrelationId(intake.head.id.str())
                                                             : CorrelationId(from.correlation_id);
    co_return std::nullopt;
}

Admission::Refused Admission::validate(std::shared_ptr<Intake> intake) {
    auto looking = faults_of(intake);
    if (auto faults = co_await std::move(looking); !faults.empty())
        co_return reply_of(problem_of(invalid(std::move(faults))));
    if (auto problem = choose_target(*intake, parts_.new_id)) co_return reply_of(*problem);
    if (intake->definition->handler.claims != nullptr) co_await choose_claims(intake);
    co_return std::nullopt;
}

/// The key is held before the journal is asked, and until the request ends: whoever comes meanwhile
/// gets what the journal knows by then, but does not run the command. nullopt: run it.
Admission::Refused Admission::answer_by_key(Intake& intake, KeyHold& hold) {
    const auto& tenant = intake.request.principal.tenant;
    const auto& key = *intake.head.idempotency_key;
    const bool is_ours = keys_in_work_->insert({tenant, key}).second;
    if (is_ours) hold = KeyHold(keys_in_work_, {tenant, key});
    const auto record = co_await store::read(parts_.store, [&] {
        return parts_.store.journal().find_by_key(tenant, key);
    });
    // Whether it is the same request is not known any more, nor what was answered.
    if (record && store::is_erased(record->head.body)) {
        co_return reply_of(problem_named(
            "not-found",
            {"The person whom the command with this Idempotency-Key was about has been erased.",
             "A pessoa de quem tratava o comando com esta Idempotency-Key foi apagada."}
        ));
    }
    if (record && record->head.fingerprint != intake.head.fingerprint)
        co_return reply_of(problem_named("idempotency-key-reused", {}));
    if (record && record->state == store::CommandState::done) {
        auto reply = reply_from(*record->answer, record->head.id, record->position);
        reply.replayed = true;
        co_return reply;
    }
    if (record && record->state == store::CommandState::accepted) {
        auto reply = reply_of(in_flight(
            {"The command with this Idempotency-Key is still under way.",
             "O comando com esta Idempotency-Key ainda está em andamento."}
        ));
        reply.location = "/v1/commands/" + record->head.id.str();
        reply.command_id = record->head.id;
        co_return reply;
    }
    if (!is_ours) {
        co_return reply_of(in_flight(
            {"A command with this Idempotency-Key is under way.",
             "Um comando com esta Idempotency-Key está em andamento."}
        ));
    }
    if (record) {  // retryable
        intake.head.id = record->head.id;
        intake.former = plan_from_json(record->plan);
    }
    co_return std::nullopt;
}

/// Of a command that has the choice, the first that nobody has. It is had from before the look: an
/// other command could take it between the look and the turn.
asio::awaitable<void> Admission::choose_claims(std::shared_ptr<Intake> intake) {
    const auto& tenant = intake->request.principal.tenant;
    const auto& handler = intake->definition->handler;
    ClaimRequest asked{intake->body, intake->former ? &intake->former->claims : nullptr};
    intake->claims = handler.claims(asked);
    if (handler.has_choice == nullptr || !handler.has_choice(asked)) co_return;
    const auto is_held = [&](const Claim& claim) {
        return parts_.store.journal().holder(tenant, claim).has_value();
    };
    while (true) {
        if (auto turn = turns_.try_take(turn_keys(tenant, intake->claims))) {
            const bool is_taken = co_await store::read(parts_.store, [&] {
                return std::ranges::any_of(intake->claims, is_held);
            });
            if (!is_taken) {
                intake->chosen = std::move(turn);
                co_return;
            }
        }
        ++asked.choice;
        intake->claims = handler.claims(asked);
    }
}

/// Every fault of the body: those of its schema, with those of our rules as far as they can be
/// told.
asio::awaitable<std::vector<Fault>> Admission::faults_of(std::shared_ptr<Intake> intake) const {
    auto faults = schemas_.at(intake->definition->name).validate(intake->body);
    add_uncovered(faults, intake->inexact_numbers);
    if (faults.empty()) co_return faults;
    const auto& request = intake->request;
    const auto entity_id = intake->definition->creates ? parts_.new_id() : request.entity_id;
    const CommandId id(parts_.new_id());
    const Claims no_claims;
    const Preparation preparation{
        *intake->definition,
        parts_.store,
        parts_.facts,
        request.principal.tenant,
        id,
        entity_id,
        request.item_id,
        0,
        no_claims,
        intake->body,
        {},
        parts_.clock()
    };
    co_return co_await store::read(parts_.store, [&] {
        return with_rule_faults(std::move(faults), preparation);
    });
}

}  // namespace vitrine::commands
