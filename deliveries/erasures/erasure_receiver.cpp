#include "deliveries/erasures/erasure_receiver.hpp"

#include <nlohmann/json.hpp>
#include <vector>

#include "deliveries/clubify/answers.hpp"
#include "events/codec.hpp"
#include "events/customers.hpp"
#include "gateways/clubify/customers.hpp"
#include "gateways/clubify/paths.hpp"
#include "store/read.hpp"

namespace vitrine::deliveries {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* deleted = "deleted";

/// What may name a person there besides name and address; what is not told is not sent.
constexpr const char* texts[] = {
    "phone",
    "document",
    "cpf",
    "birth_date",
    "crm_id",
    "company_name",
    "company_document",
    "contact_person"
};
constexpr const char* objects[] = {"address", "preferences", "consent"};

bool has_something(const Json& customer, const char* name) {
    const auto found = customer.find(name);
    if (found == customer.end() || found->is_null()) return false;
    return found->is_string() ? !found->get_ref<const std::string&>().empty() : !found->empty();
}

/// By which ids the platform knows the customer; the stream says it in clear.
std::vector<ClubifyId> ids_there(
    store::EventStore& store, const TenantId& tenant, const StreamName& stream
) {
    std::vector<ClubifyId> ids;
    constexpr std::size_t page = 256;
    const auto note = [&ids](const std::optional<ClubifyId>& id) {
        if (id && std::ranges::find(ids, *id) == ids.end()) ids.push_back(*id);
    };
    for (Version from = 1;;) {
        const auto events =
            store.read_stream(tenant, stream, from, page, store::Direction::forwards);
        for (const auto& recorded : events) {
            const auto event = events::decode<events::CustomerEvent>(recorded);
            if (!event) continue;
            if (const auto* registered = std::get_if<events::CustomerRegistered>(&*event))
                note(registered->clubify_customer_id);
            if (const auto* changed = std::get_if<events::CustomerChanged>(&*event))
                note(changed->clubify_customer_id);
        }
        if (events.size() < page) return ids;
        from = events.back().version + 1;
    }
}

class ErasureReceiver : public Receiver {
public:
    ErasureReceiver(const TenantId& tenant, ErasureParts parts)
        : name_{tenant, erasure_kind, clubify_erasures}, parts_(std::move(parts)) {}

    const ReceiverName& name() const override { return name_; }
    Position start() const override { return 0; }
    const Schedule& schedule() const override { return clubify_schedule(); }
    std::size_t in_flight() const override { return 8; }

    bool wants(const events::RecordedEvent& event) const override {
        return event.type == events::CustomerErased::event_type;
    }

    Message message(const events::RecordedEvent& event) const override {
        Json json;
        json["stream"] = event.stream.view();
        return {event.id, event.type, json.dump()};
    }

    asio::awaitable<Answer> send(Message message, int) override {
        const StreamName stream(Json::parse(message.body).at("stream").get<std::string>());
        const auto ids = co_await store::read(parts_.store, [&] {
            return ids_there(parts_.store, name_.tenant, stream);
        });
        const auto account = parts_.accounts(name_.tenant);
        if (!account) co_return Answer::again({"no credentials", "sem credenciais"});
        for (const auto& id : ids) {
            auto forgetting = forget(*account, id, message.id);
            auto answer = co_await std::move(forgetting);
            if (answer.outcome != Answer::Outcome::taken) co_return answer;
        }
        co_return Answer::taken();
    }

private:
    asio::awaitable<Answer> forget(clubify::Account account, ClubifyId id, EventId event) {
        auto question = clubify::get_customer(id);
        question.call.fresh = true;
        auto looking = clubify::look_for(&parts_.clubify, account, std::move(question));
        const auto found = co_await std::move(looking);
        if (!found) co_return look_failed(found.error());
        if (!*found) co_return Answer::taken();
        auto body = blanked((*found)->json, id);
        if (body.empty()) co_return Answer::taken();
        clubify::Call call;
        call.method = "PUT";
        call.path = clubify::path_of("customers", id);
        call.body = std::move(body);
        call.correlation_id = event.str();
        auto changing = parts_.clubify.send(account, std::move(call));
        const auto changed = co_await std::move(changing);
        if (!changed) co_return answer_of(changed.error());
        co_return Answer::taken();
    }

    ReceiverName name_;
    ErasureParts parts_;
};

}  // namespace

JsonText blanked(const JsonText& customer, const ClubifyId& id) {
    const auto there = Json::parse(customer.text, nullptr, false);
    const auto address = "erased-" + id.str() + "@erased.invalid";
    const auto is = [&there](const char* name, std::string_view text) {
        return there.is_object() && there.value(name, Json()) == Json(text);
    };
    Json body;
    for (const auto* name : texts) {
        if (there.is_object() && has_something(there, name)) body[name] = "";
    }
    for (const auto* name : objects) {
        if (there.is_object() && has_something(there, name)) body[name] = Json::object();
    }
    if (there.is_object() && has_something(there, "metadata")) body["metadata"] = Json::object();
    if (there.is_object() && has_something(there, "tags")) body["tags"] = Json::array();
    if (body.empty() && is("email", address) && is("status", deleted)) return {};
    body["name"] = deleted;
    body["email"] = address;
    body["status"] = deleted;
    return JsonText(body.dump());
}

std::unique_ptr<Receiver> erasure_receiver(const TenantId& tenant, ErasureParts parts) {
    return std::make_unique<ErasureReceiver>(tenant, std::move(parts));
}

}  // namespace vitrine::deliveries
