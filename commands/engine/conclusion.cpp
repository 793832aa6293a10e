#include "commands/engine/conclusion.hpp"

#include <algorithm>

#include "commands/engine/process_answer.hpp"
#include "commands/json.hpp"
#include "commands/problem.hpp"
#include "commands/problem_of.hpp"
#include "core/shortest_numbers.hpp"
#include "events/failures.hpp"
#include "events/new_event.hpp"
#include "events/processes.hpp"

namespace vitrine::commands {
namespace {

events::NewEvent new_event(events::Encoded encoded, const Closing& closing) {
    events::Metadata metadata;
    metadata.correlation_id = closing.head.correlation_id;
    metadata.command_id = closing.head.id;
    metadata.actor = closing.head.principal;
    metadata.traceparent = closing.head.traceparent;
    return events::new_event(EventId(closing.new_id()), std::move(encoded), metadata, closing.now);
}

const StepResult* result_of_step(const Plan& plan, const std::string& step) {
    const auto found = std::ranges::find(plan.results, step, &StepResult::step);
    return found == plan.results.end() ? nullptr : &*found;
}

std::string filled_data(const PlannedEvent& event, const StepResult* result) {
    if (event.id_member.empty() || result == nullptr) return event.data.text;
    auto json = Json::parse(event.data.text);
    json[event.id_member] = result->id;
    return with_shortest_numbers(json.dump());
}

events::NewEvent failure_event(
    const Plan& plan, const std::string& type, const Refusal& refusal, const Closing& closing
) {
    events::CommandFailed failed;
    failed.type = failed.type.named(type);
    failed.subject = {plan.entity, plan.entity_id};
    // What the outside says of a command on a person may name that person: the answer has it,
    // sealed.
    failed.reason = plan.person ? refusal.problem + " (" + std::to_string(refusal.status) + ')'
                                : refusal.detail.english();
    failed.failure_class = refusal.failure_class;
    failed.correlation_id = closing.head.correlation_id;
    return new_event(events::encode(failed), closing);
}

std::string instance_of(const CommandId& id) {
    return "/v1/commands/" + id.str();
}

Problem problem_of(const Refusal& refusal, const CommandId& id) {
    Problem problem;
    problem.type = problem_type(refusal.problem).name;
    problem.detail = refusal.detail;
    problem.instance = instance_of(id);
    problem.status = refusal.status;
    return problem;
}

store::CommandAnswer answer_of(const Refusal& refusal, const CommandId& id) {
    store::CommandAnswer answer;
    answer.status = refusal.status;
    auto json = problem_of(refusal, id).to_stored();
    json["command_id"] = id.str();
    answer.body = JsonText(json.dump());
    return answer;
}

store::CommandAnswer answer_of(const Rejection& rejection, const Closing& closing) {
    auto problem = commands::problem_of(rejection);
    problem.instance = instance_of(closing.head.id);
    store::CommandAnswer answer;
    answer.status = problem.http_status();
    auto json = problem.to_stored();
    json["command_id"] = closing.head.id.str();
    answer.body = JsonText(json.dump());
    return answer;
}

store::ExpectedVersion expected_at(Version version) {
    return version == 0 ? store::ExpectedVersion::no_stream()
                        : store::ExpectedVersion::exact(version);
}

/// The failure event of `refusal`, alone, in the stream of the command.
store::Append failure_append(
    const Plan& plan,
    const std::string& failure_type,
    const Refusal& refusal,
    const Closing& closing
) {
    store::Append append;
    append.tenant = closing.tenant;
    append.streams.push_back(
        {events::stream_of(closing.head.id),
         store::ExpectedVersion::any(),
         {failure_event(plan, failure_type, refusal, closing)}}
    );
    return append;
}

}  // namespace

store::Append fed(const Plan& plan, const Closing& closing) {
    store::StreamAppend entity{plan.stream, expected_at(plan.version), {}};
    for (const auto& event : plan.events)
        entity.events.push_back(new_event({event.type, event.schema, event.data.text}, closing));
    const events::ProcessAsked asked{plan.feeds->kind, closing.head.name, closing.head.id.str()};
    entity.events.push_back(new_event(events::encode(asked), closing));
    entity.events.back().id = plan.feeds->signal;

    auto kept = plan;
    kept.events.clear();  // they stand in the log
    store::Append append;
    append.tenant = closing.tenant;
    append.streams.push_back(std::move(entity));
    append.journal = store::Accept{closing.head, to_json(kept), plan.claims};
    return append;
}

store::Conclude conclusion_of(const ProcessAnswer& answer, const AnsweredCommand& command) {
    store::Conclude conclude;
    conclude.head = command.head;
    conclude.head.person = answer.person;
    conclude.succeeded = !answer.refused;
    conclude.release_claims = !conclude.succeeded;
    const auto members = Json::parse(answer.members.text);
    if (answer.refused) {
        conclude.answer = answer_of(*answer.refused, command.head.id);
        auto body = Json::parse(conclude.answer.body.text);
        body.update(members);
        conclude.answer.body = JsonText(body.dump());
        return conclude;
    }
    Json body;
    body["command_id"] = command.head.id.str();
    body[command.entity + "_id"] = command.entity_id;
    body["version"] = command.version;
    body.update(members);
    conclude.answer.status = answer.status;
    conclude.answer.version = command.version;
    conclude.answer.body = JsonText(body.dump());
    conclude.answer.location = answer.location;
    return conclude;
}

store::Append succeeded(const Plan& plan, const Closing& closing) {
    store::Append append;
    append.tenant = closing.tenant;
    store::StreamAppend entity{plan.stream, expected_at(plan.version), {}};
    store::StreamAppend attempts{
        events::stream_of(closing.head.id), store::ExpectedVersion::any(), {}
    };

    Json body;
    body["command_id"] = closing.head.id.str();
    body[plan.entity + "_id"] = plan.entity_id;
    body["version"] = plan.version;
    body.update(Json::parse(plan.answer.text));

    for (const auto& event : plan.events) {
        const auto* result = result_of_step(plan, event.step);
        if (result != nullptr && result->refusal) continue;
        entity.events.push_back(
            new_event({event.type, event.schema, filled_data(event, result)}, closing)
        );
        if (!event.id_member.empty() && result != nullptr) body[event.id_member] = result->id;
    }
    for (const auto& step : plan.steps) {
        const auto* result = result_of_step(plan, step.name);
        if (result == nullptr || !result->refusal) continue;
        attempts.events.push_back(failure_event(plan, step.failure_type, *result->refusal, closing)
        );
        if (!step.without.empty()) body.update(Json::parse(step.without.text), true);
        if (!step.problem_at.empty()) {
            body[Json::json_pointer(step.problem_at)] =
                problem_of(*result->refusal, closing.head.id).to_stored();
        }
    }

    store::Conclude conclude;
    conclude.head = closing.head;
    conclude.answer.status = plan.success_status;
    conclude.answer.version = plan.version + entity.events.size();
    body["version"] = *conclude.answer.version;
    conclude.answer.body = JsonText(body.dump());
    conclude.answer.location = plan.location;
    conclude.releases = plan.releases;
    if (!entity.events.empty() || !plan.others.empty()) append.streams.push_back(std::move(entity));
    for (const auto& other : plan.others) {
        store::StreamAppend part{other.stream, expected_at(other.version), {}};
        for (const auto& event : other.events) {
            part.events.push_back(new_event({event.type, event.schema, event.data.text}, closing));
        }
        append.streams.push_back(std::move(part));
    }
    if (plan.refusal) {
        conclude.succeeded = false;
        conclude.answer = answer_of(*plan.refusal, closing);
    }
    if (!attempts.events.empty()) append.streams.push_back(std::move(attempts));
    append.journal = std::move(conclude);
    return append;
}

store::Append done_at_once(const Plan& plan, const Closing& closing) {
    auto append = succeeded(plan, closing);
    std::get<store::Conclude>(*append.journal).claims = plan.claims;
    return append;
}

Refusal overtaken(const Rejection& rejection) {
    auto detail = rejection.detail;
    for (const auto& fault : rejection.faults) {
        if (!detail.empty()) detail += Phrase::as_is(" ");
        detail += Phrase::as_is(fault.pointer + ' ') + fault.detail;
    }
    return {
        std::string(rejection.problem),
        problem_type(rejection.problem).status(),
        "conflict",
        phrase(
            "While the command was under way another one changed the stream, and now it is refused "
            "here. Its effect outside has happened; reconciliation tells what differs. {}",
            "Enquanto o comando estava em andamento, outro alterou o fluxo, e agora ele é recusado "
            "aqui. O efeito externo já aconteceu; a reconciliação mostra o que difere. {}",
            detail
        )
    };
}

store::Append failed(const Plan& plan, const Closing& closing) {
    auto append = failure_append(plan, plan.steps.front().failure_type, *plan.failure, closing);
    store::Conclude conclude;
    conclude.head = closing.head;
    conclude.succeeded = false;
    conclude.release_claims = true;
    conclude.answer = answer_of(*plan.failure, closing.head.id);
    append.journal = std::move(conclude);
    return append;
}

store::Append not_done(
    const Plan& plan,
    const Refusal& refusal,
    std::optional<std::chrono::seconds> retry_after,
    const Closing& closing
) {
    const bool again = closing.head.idempotency_key.has_value();
    auto append = failure_append(plan, plan.steps.front().failure_type, refusal, closing);
    store::Conclude conclude;
    conclude.head = closing.head;
    conclude.state = again ? store::CommandState::retryable : store::CommandState::done;
    conclude.succeeded = false;
    // Whoever is to be known may come again another way: nobody is kept waiting for this one.
    conclude.release_claims = !again || plan.person.has_value();
    conclude.answer = answer_of(refusal, closing.head.id);
    conclude.answer.retry_after = retry_after;
    append.journal = std::move(conclude);
    return append;
}

std::string dry_run_answer(const Plan& plan, const std::string& command) {
    Json json;
    json["dry_run"] = true;
    json["command"] = command;
    json[plan.entity + "_id"] = plan.entity_id;
    auto& events = json["events"] = Json::array();
    const auto tell =
        [&events](const StreamName& stream, Version version, const PlannedEvent& planned) {
            Json event;
            event["type"] = planned.type;
            event["stream"] = stream.str();
            event["version"] = version;
            event["data"] = Json::parse(planned.data.text);
            if (!planned.id_member.empty()) event["data"].erase(planned.id_member);
            events.push_back(std::move(event));
        };
    auto version = plan.version;
    for (const auto& event : plan.events) tell(plan.stream, ++version, event);
    for (const auto& other : plan.others) {
        version = other.version;
        for (const auto& event : other.events) tell(other.stream, ++version, event);
    }
    return with_shortest_numbers(json.dump());
}

}  // namespace vitrine::commands
