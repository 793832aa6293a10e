#include "commands/conclusion.hpp"

#include <algorithm>

#include "commands/json.hpp"
#include "commands/problem.hpp"
#include "core/shortest_numbers.hpp"
#include "events/codec.hpp"

namespace vitrine::commands {
namespace {

events::NewEvent new_event(std::string type, int schema, std::string data, const Closing& closing) {
    events::Metadata metadata;
    metadata.correlation_id = closing.head.correlation_id;
    metadata.command_id = closing.head.id;
    metadata.actor = closing.head.principal;
    metadata.traceparent = closing.head.traceparent;
    return {
        EventId(closing.new_id()),
        std::move(type),
        schema,
        std::move(data),
        events::encode_metadata(metadata),
        closing.now
    };
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
    failed.type = type;
    if (plan.entity == "offer") failed.offer_id = OfferId(plan.entity_id);
    if (plan.entity == "product") failed.product_id = ProductId(plan.entity_id);
    failed.reason = refusal.detail.english();
    failed.failure_class = refusal.failure_class;
    failed.correlation_id = closing.head.correlation_id;
    auto encoded = events::encode(failed);
    return new_event(std::move(encoded.type), encoded.schema, std::move(encoded.data), closing);
}

std::string instance_of(const Closing& closing) {
    return "/v1/commands/" + closing.head.id.str();
}

Problem problem_of(const Refusal& refusal, const Closing& closing) {
    Problem problem;
    problem.type = problem_type(refusal.problem).name;
    problem.detail = refusal.detail;
    problem.instance = instance_of(closing);
    problem.status = refusal.status;
    return problem;
}

store::CommandAnswer answer_of(const Refusal& refusal, const Closing& closing) {
    store::CommandAnswer answer;
    answer.status = refusal.status;
    auto json = problem_of(refusal, closing).to_stored();
    json["command_id"] = closing.head.id.str();
    answer.body = JsonText(json.dump());
    return answer;
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

store::Append succeeded(const Plan& plan, const Closing& closing) {
    store::Append append;
    append.tenant = closing.tenant;
    store::StreamAppend entity{plan.stream, store::ExpectedVersion::exact(plan.version), {}};
    if (plan.version == 0) entity.expected = store::ExpectedVersion::no_stream();
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
            new_event(event.type, event.schema, filled_data(event, result), closing)
        );
        if (!event.id_member.empty() && result != nullptr) body[event.id_member] = result->id;
    }
    for (const auto& step : plan.steps) {
        const auto* result = result_of_step(plan, step.name);
        if (result == nullptr || !result->refusal) continue;
        attempts.events.push_back(failure_event(plan, step.failure_type, *result->refusal, closing)
        );
        // The one step that a command goes on without is the activation of an offer just created.
        body["status"] = "draft";
        body["activation"]["status"] = "failed";
        body["activation"]["problem"] = problem_of(*result->refusal, closing).to_stored();
    }

    store::Conclude conclude;
    conclude.head = closing.head;
    conclude.answer.status = plan.success_status;
    conclude.answer.version = plan.version + entity.events.size();
    body["version"] = *conclude.answer.version;
    conclude.answer.body = JsonText(body.dump());
    conclude.answer.location = "/v1/" + plan.entity + "s/" + plan.entity_id;
    conclude.releases = plan.releases;
    if (!entity.events.empty()) append.streams.push_back(std::move(entity));
    if (!attempts.events.empty()) append.streams.push_back(std::move(attempts));
    append.journal = std::move(conclude);
    return append;
}

store::Append done_at_once(const Plan& plan, const Closing& closing) {
    auto append = succeeded(plan, closing);
    std::get<store::Conclude>(*append.journal).reservations = plan.claims;
    return append;
}

store::Append failed(const Plan& plan, const Closing& closing) {
    auto append = failure_append(plan, plan.steps.front().failure_type, *plan.failure, closing);
    store::Conclude conclude;
    conclude.head = closing.head;
    conclude.succeeded = false;
    conclude.release_reservations = true;
    conclude.answer = answer_of(*plan.failure, closing);
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
    conclude.release_reservations = !again;
    conclude.answer = answer_of(refusal, closing);
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
    for (std::size_t i = 0; i < plan.events.size(); ++i) {
        Json event;
        event["type"] = plan.events[i].type;
        event["stream"] = plan.stream.str();
        event["version"] = plan.version + i + 1;
        event["data"] = Json::parse(plan.events[i].data.text);
        if (!plan.events[i].id_member.empty()) event["data"].erase(plan.events[i].id_member);
        events.push_back(std::move(event));
    }
    return with_shortest_numbers(json.dump());
}

}  // namespace vitrine::commands
