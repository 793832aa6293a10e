#include "api/http/event_stream.hpp"

#include <chrono>
#include <utility>

#include "api/http/request_headers.hpp"
#include "events/cloud_event.hpp"
#include "events/people.hpp"
#include "net/timer.hpp"
#include "store/read.hpp"

namespace vitrine::api {
namespace {

using boost::asio::awaitable;

constexpr std::chrono::seconds heartbeat{15};
constexpr std::size_t page = 100;
// What comes within this time after something was sent is sent together: a thousand subscribers of
// a busy tenant cost a tenth of the writes.
constexpr std::chrono::milliseconds breath{20};
constexpr std::size_t enough = 32UL * 1024;  // bytes that are sent together

class EventStream {
public:
    EventStream(Backend& backend, std::string api_key, queries::Following following, People people)
        : backend_(backend),
          api_key_(std::move(api_key)),
          following_(std::move(following)),
          people_(people) {}

    awaitable<void> run(net::BodyWriter* out) {
        auto& store = people_ == People::open ? backend_.log : backend_.reads.store;
        const auto log = co_await store::read(store, [&] {
            return store.subscribe(following_.after, std::move(following_.filter));
        });
        bool open = co_await out->write(": the tenant's events\nretry: 2000\n\n");
        auto next_beat = std::chrono::steady_clock::now() + heartbeat;
        while (open) {
            auto found = co_await store::read(store, [&] { return read(*log); });
            if (!found.text.empty()) {
                open = is_allowed() && co_await out->write(std::exchange(found.text, {}));
                next_beat = std::chrono::steady_clock::now() + heartbeat;
                if (open && !found.more) co_await net::wait_for(breath);
                continue;
            }
            co_await backend_.new_events.wait_beyond(log->position(), next_beat);
            if (backend_.new_events.is_closed()) break;
            // Also when it is only others who have events.
            if (std::chrono::steady_clock::now() < next_beat) continue;
            open = is_allowed() && co_await out->write(":\n\n");
            next_beat = std::chrono::steady_clock::now() + heartbeat;
        }
    }

private:
    struct Found {
        std::string text;
        bool more = false;
    };

    /// Where reads may block.
    Found read(store::Subscription& log) const {
        Found found;
        const auto events = log.poll(page, [&](const events::RecordedEvent& event) {
            append(found.text, event);
            return found.text.size() < enough;
        });
        found.more = events == page || found.text.size() >= enough;
        return found;
    }

    bool is_allowed() const {
        const auto principal = backend_.keys.authenticate(api_key_);
        return principal && (people_ == People::sealed || principal->role == store::Role::admin);
    }

    void append(std::string& text, const events::RecordedEvent& event) const {
        text.append("id: ").append(std::to_string(event.position)).append("\ndata: ");
        if (people_ == People::open && events::names_people(event.type)) {
            text.append(events::to_cloud_event(event)).append("\n\n");
        } else {
            text.append(*backend_.new_events.cloud_event(event)).append("\n\n");
        }
    }

    Backend& backend_;
    std::string api_key_;
    queries::Following following_;
    People people_;
};

}  // namespace

net::Response event_stream(
    Backend& backend, const Call& call, queries::Following following, People people
) {
    net::Response response;
    response.headers = {
        {"Content-Type", "text/event-stream"},
        {"Cache-Control", "no-store"},
        {"X-Accel-Buffering", "no"},
    };
    const auto stream = std::make_shared<EventStream>(
        backend, std::string(*bearer_key(call.request.headers)), std::move(following), people
    );
    response.stream = [stream](net::BodyWriter& out) { return stream->run(&out); };
    return response;
}

}  // namespace vitrine::api
