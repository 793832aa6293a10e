#include "api/http/delivery_answers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "api/control/delivery_json.hpp"
#include "api/http/backend.hpp"
#include "api/http/respond.hpp"
#include "deliveries/runner.hpp"
#include "queries/list_page.hpp"
#include "queries/parameters.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;
using Waiting = boost::asio::awaitable<net::Response>;

/// By the main loop, whose the runner is.
template <class Result>
boost::asio::awaitable<Result> on_main_loop(Backend* backend, boost::asio::awaitable<Result> work) {
    co_return co_await boost::asio::co_spawn(
        backend->main_loop, std::move(work), boost::asio::use_awaitable
    );
}

net::Response counted(
    const char* name,
    const std::expected<std::uint64_t, deliveries::Refused>& count,
    const Call& call
) {
    if (!count) return problem_response(count.error().problem, call, count.error().detail);
    Json json;
    json[name] = *count;
    return json_response(json.dump());
}

}  // namespace

queries::Result list_deliveries(
    Backend& backend, const Call& call, const deliveries::ReceiverName& name
) {
    auto faults = call.value_faults();
    const auto at_most = queries::read_limit(call.parameter("limit"), faults);
    const auto before = queries::read_position_cursor(call.parameter("cursor"), faults);
    if (!faults.empty()) return std::unexpected(queries::invalid(std::move(faults)));
    const auto state = deliveries::state_of(call.parameter("state").value_or("pending"));
    const auto page = backend.deliveries.list(name, *state, before, at_most);
    auto answer = queries::list_answer(
        page.items,
        std::nullopt,
        page.next ? queries::encode_position_cursor(*page.next) : std::string(),
        [&call](const auto& delivery) { return to_json(delivery, call.language).dump(); }
    );
    answer.language = call.language;
    return answer;
}

Waiting retry_delivery(
    Backend* backend, const Call* call, deliveries::ReceiverName name, EventId event
) {
    const auto retried = co_await on_main_loop(backend, backend->deliveries.retry(name, event));
    if (!retried)
        co_return problem_response(retried.error().problem, *call, retried.error().detail);
    co_return counted("retried", retried->count, *call);
}

Waiting dismiss_delivery(
    Backend* backend, const Call* call, deliveries::ReceiverName name, EventId event
) {
    const auto count = co_await on_main_loop(backend, backend->deliveries.dismiss(name, event));
    co_return counted("dismissed", count, *call);
}

}  // namespace vitrine::api
