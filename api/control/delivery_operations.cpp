#include "api/control/delivery_operations.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "api/control/delivery_json.hpp"
#include "deliveries/progress_reader.hpp"
#include "deliveries/stopped.hpp"
#include "store/open_store.hpp"

namespace vitrine::api {
namespace {

namespace asio = boost::asio;
using deliveries::ReceiverName;

constexpr std::chrono::milliseconds look_again{100};

/// Waits for what the loop does, but not beyond its end.
template <class Result>
Result wait(asio::io_context& loop, asio::awaitable<Result> work) {
    auto done = asio::co_spawn(loop, std::move(work), asio::use_future);
    while (done.wait_for(look_again) != std::future_status::ready)
        if (loop.stopped()) throw std::runtime_error("the server ended before it was done");
    return done.get();
}

/// The receiver that is named; a sentence: there is none, or there are several.
std::expected<ReceiverName, std::string> receiver(const Work& work) {
    const auto tenant = work.text("tenant");
    if (!work.keys().find_tenant(TenantId(tenant)))
        return std::unexpected(no_tenant(tenant).error());
    const auto id = work.text("receiver");
    std::optional<ReceiverName> found;
    for (const auto& each : work.administration.deliveries.status(TenantId(tenant))) {
        if (each.name.id != id && each.name.kind + '/' + each.name.id != id) continue;
        if (found) return std::unexpected(id + " names several receivers: say KIND/ID");
        found = each.name;
    }
    if (!found) return std::unexpected("tenant " + tenant + " has no receiver " + id);
    return *found;
}

std::optional<EventId> event(const Work& work) {
    const auto id = work.text("event");
    return id.empty() ? std::nullopt : std::optional(EventId(id));
}

Outcome counted(const char* name, const std::expected<std::uint64_t, deliveries::Refused>& count) {
    if (!count) return fault(count.error().detail.english());
    Json json;
    json[name] = *count;
    return json;
}

Outcome set_paused(const Work& work, bool paused) {
    const auto name = receiver(work);
    if (!name) return fault(name.error());
    const auto done = work.administration.deliveries.pause(*name, paused);
    if (!done) return fault(done.error().detail.english());
    Json json;
    json["paused"] = paused;
    return json;
}

}  // namespace

DeliveryOperations delivery_operations(asio::io_context& loop, deliveries::Runner& deliveries) {
    DeliveryOperations operations;
    operations.status = [&](const std::optional<TenantId>& tenant) {
        return deliveries.status(tenant);
    };
    operations.list = [&](const ReceiverName& name, deliveries::State state, std::size_t limit) {
        return deliveries.list(name, state, std::nullopt, limit).items;
    };
    operations.retry = [&](const ReceiverName& name, const std::optional<EventId>& event) {
        return wait(loop, deliveries.retry(name, event));
    };
    operations.dismiss = [&](const ReceiverName& name, const std::optional<EventId>& event) {
        return wait(loop, deliveries.dismiss(name, event));
    };
    operations.replay = [&](const ReceiverName& name, Position from, std::optional<Position> to) {
        return wait(loop, deliveries.replay(name, from, to));
    };
    operations.pause = [&](const ReceiverName& name, bool paused) {
        return wait(loop, deliveries.pause(name, paused));
    };
    return operations;
}

DeliveryOperations delivery_operations_here(const std::filesystem::path& data) {
    const auto with = [data](auto use) {
        const auto store = store::open_store_read_only(store::url_of(data));
        deliveries::Stopped stopped(data, *store);
        return use(stopped);
    };
    DeliveryOperations operations;
    operations.status = [data](const std::optional<TenantId>& tenant) {
        const auto store = store::open_store_read_only(store::url_of(data));
        return deliveries::ProgressReader(data).status(tenant, store->head());
    };
    operations.list = [data](const ReceiverName& name, deliveries::State state, std::size_t limit) {
        return deliveries::ProgressReader(data).list(name, state, std::nullopt, limit).items;
    };
    operations.retry = [with](const ReceiverName& name, const std::optional<EventId>& event) {
        return with([&](auto& stopped) { return stopped.retry(name, event); });
    };
    operations.dismiss = [with](const ReceiverName& name, const std::optional<EventId>& event) {
        return with([&](auto& stopped) { return stopped.dismiss(name, event); });
    };
    operations.replay =
        [with](const ReceiverName& name, Position from, std::optional<Position> to) {
            return with([&](auto& stopped) { return stopped.replay(name, from, to); });
        };
    operations.pause = [with](const ReceiverName& name, bool paused) {
        return with([&](auto& stopped) { return stopped.pause(name, paused); });
    };
    return operations;
}

Outcome delivery_list(const Work& work) {
    auto list = Json::array();
    if (!work.text("receiver").empty()) {
        const auto name = receiver(work);
        if (!name) return fault(name.error());
        const auto state = deliveries::state_of(work.text("state"));
        if (!state) return fault("a state is pending, taken or dead");
        const auto limit = work.arguments.at("limit").get<std::size_t>();
        for (const auto& each : work.administration.deliveries.list(*name, *state, limit))
            list.push_back(to_json(each, Language::english));
        return list;
    }
    std::optional<TenantId> tenant;
    if (const auto name = work.text("tenant"); !name.empty()) {
        tenant = TenantId(name);
        if (!work.keys().find_tenant(*tenant)) return no_tenant(name);
    }
    for (const auto& each : work.administration.deliveries.status(tenant)) {
        Json json;
        json["tenant"] = each.name.tenant.str();
        json.update(to_json(each));
        list.push_back(std::move(json));
    }
    return list;
}

Outcome delivery_retry(const Work& work) {
    const auto name = receiver(work);
    if (!name) return fault(name.error());
    const auto retried = work.administration.deliveries.retry(*name, event(work));
    if (!retried) return fault(retried.error().detail.english());
    Json json;
    json["retried"] = retried->count;
    json["dead"] = retried->dead;
    return json;
}

Outcome delivery_dismiss(const Work& work) {
    const auto name = receiver(work);
    if (!name) return fault(name.error());
    return counted("dismissed", work.administration.deliveries.dismiss(*name, event(work)));
}

Outcome delivery_replay(const Work& work) {
    const auto name = receiver(work);
    if (!name) return fault(name.error());
    std::optional<Position> to;
    if (work.arguments.contains("to")) to = work.arguments.at("to").get<Position>();
    const auto from = work.arguments.at("from").get<Position>();
    const auto replay = work.administration.deliveries.replay(*name, from, to);
    if (!replay) return fault(replay.error().detail.english());
    return to_json(*replay);
}

Outcome delivery_pause(const Work& work) {
    return set_paused(work, true);
}

Outcome delivery_resume(const Work& work) {
    return set_paused(work, false);
}

}  // namespace vitrine::api
