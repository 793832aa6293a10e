#include "deliveries/webhooks/endpoint_receiver.hpp"

#include <algorithm>

#include "events/cloud_event.hpp"
#include "events/people.hpp"
#include "store/people_view.hpp"

namespace vitrine::deliveries {
namespace {

using webhooks_out::Outcome;

Answer answer_of(Outcome outcome) {
    switch (outcome.kind) {
        case Outcome::Kind::taken:
            return Answer::taken();
        case Outcome::Kind::gone:
            return Answer::gone(std::move(outcome.detail));
        case Outcome::Kind::refused:
        case Outcome::Kind::not_sent:
            return Answer::again(std::move(outcome.detail), outcome.retry_after);
        case Outcome::Kind::unknown:
            break;
    }
    return Answer::unknown(std::move(outcome.detail));
}

class EndpointReceiver : public Receiver {
public:
    EndpointReceiver(Endpoint endpoint, const WebhookParts& parts)
        : endpoint_(std::move(endpoint)),
          parts_(parts),
          name_{endpoint_.tenant, webhook_kind, endpoint_.id.str()} {}

    const ReceiverName& name() const override { return name_; }
    Position start() const override { return endpoint_.start; }
    bool enabled() const override { return endpoint_.enabled; }
    const Schedule& schedule() const override { return webhook_schedule(); }

    /// Who is sent people is told when one of them is erased, too.
    bool wants(const events::RecordedEvent& event) const override {
        return endpoint_.all_types || (endpoint_.people && events::erases_person(event.type)) ||
               std::ranges::find(endpoint_.types, event.type) != endpoint_.types.end();
    }

    Message message(const events::RecordedEvent& event) const override {
        // When it is sent, so that nobody is sent who has been erased since it was appended.
        if (!parts_.view_people || !events::names_people(event.type)) return webhook_message(event);
        auto seen = event;
        parts_.view_people(endpoint_, seen);
        return webhook_message(seen);
    }

    asio::awaitable<Answer> send(Message message, int) override {
        webhooks_out::Signing signing{
            parts_.secrets(endpoint_, parts_.clock()), endpoint_.legacy_header
        };
        if (signing.secrets.empty()) {
            co_return Answer::again(no_secret);
        }
        auto outcome = co_await parts_.sender.send(
            endpoint_.tenant,
            endpoint_.url,
            {message.id.str(), std::move(message.type), std::move(message.body)},
            std::move(signing)
        );
        co_return answer_of(std::move(outcome));
    }

private:
    Endpoint endpoint_;
    WebhookParts parts_;
    ReceiverName name_;
};

}  // namespace

const Schedule& webhook_schedule() {
    using namespace std::chrono_literals;
    static const Schedule schedule{0s, 5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
    return schedule;
}

Message webhook_message(const events::RecordedEvent& event) {
    return {event.id, event.type, events::to_cloud_event(event)};
}

std::unique_ptr<Receiver> endpoint_receiver(Endpoint endpoint, const WebhookParts& parts) {
    return std::make_unique<EndpointReceiver>(std::move(endpoint), parts);
}

}  // namespace vitrine::deliveries
