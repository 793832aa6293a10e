// What the platform tells, however often, in whichever order and however written: the sums of
// sales are those of the facts.
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <rapidcheck.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstring>
#include <nlohmann/json.hpp>

#include "commands/webhooks/receive.hpp"
#include "core/text.hpp"
#include "projections/sales/reader.hpp"
#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

using Json = nlohmann::ordered_json;
using commands::WebhookOutcome;

constexpr const char* secret = "whsec_0123456789abcdef";

std::string signature_of(const std::string& body) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    HMAC(
        EVP_sha256(),
        secret,
        static_cast<int>(std::strlen(secret)),
        reinterpret_cast<const unsigned char*>(body.data()),
        body.size(),
        digest,
        &size
    );
    return to_hex({reinterpret_cast<const char*>(digest), size});
}

/// The tenant's way in for webhooks, over a log in memory.
class House {
public:
    commands::WebhookReply deliver(const std::string& body) {
        commands::WebhookRequest request;
        request.tenant = log.tenant();
        request.secret = secret;
        request.body = body;
        request.signature = signature_of(body);
        request.timestamp = std::to_string(log.now.time_since_epoch() / std::chrono::seconds(1));
        boost::asio::io_context loop;
        commands::WebhookReply reply;
        boost::asio::co_spawn(
            loop,
            commands::receive_webhook(
                &log,
                [this] { return log.now; },
                [this] { return "id-" + std::to_string(++ids_); },
                std::move(request)
            ),
            [&reply](std::exception_ptr error, commands::WebhookReply result) {
                if (error) std::rethrow_exception(error);
                reply = std::move(result);
            }
        );
        loop.run();
        log.now += std::chrono::seconds(1);
        return reply;
    }

    /// Of all orders: revenue, what was given back, and how many there are.
    std::array<std::int64_t, 3> sums() {
        ModelFile model("sales");
        model.follow(log);
        projections::SalesReader reader(model.lease());
        std::array<std::int64_t, 3> sums{};
        const Days ever{*parse_day("2000-01-01"), *parse_day("2099-12-31")};
        for (const auto& day : reader.by_day(log.tenant(), std::nullopt, ever)) {
            sums[0] += day.revenue_cents;
            sums[1] += day.refunded_cents;
            sums[2] += day.orders;
        }
        return sums;
    }

    Log log;

private:
    int ids_ = 0;
};

/// Something that a delivery tells: all but what changes from one attempt to the next.
struct Message {
    Json id;  // null: none
    std::string event;
    Json data;
};

bool chance(int of) {
    return *rc::gen::inRange(0, of) == 0;
}

/// An id as senders write them, of its own for each number.
Json some_id(int number) {
    switch (*rc::gen::inRange(0, 3)) {
        case 0:
            return "evt_" + std::to_string(number);
        case 1:
            return number;
        default:
            return "evento nº " + std::to_string(number);
    }
}

/// The same number in another spelling.
Json spelled(std::int64_t cents) {
    switch (*rc::gen::inRange(0, 3)) {
        case 0:
            return cents;
        case 1:
            return static_cast<double>(cents);
        default:
            return std::to_string(cents);
    }
}

struct Facts {
    std::vector<Message> messages;
    std::int64_t revenue = 0, refunded = 0, orders = 0;
};

/// One order, its payment and the refunds of it, told in some of the ways there are.
class OrderGenerator {
public:
    OrderGenerator(Facts& facts, int number)
        : facts_(facts), id_("o" + std::to_string(number)), number_(1000 * number) {}

    void make() {
        total_ = *rc::gen::inRange<std::int64_t>(1, 5000);
        const auto ways = *rc::gen::inRange(1, 8);  // of three, at least one
        if ((ways & 1) != 0) tell("order.paid", {{"orderId", id_}, {"total", total_}});
        if ((ways & 2) != 0) tell("order.completed", {{"id", id_}, {"total_amount", total_}});
        if ((ways & 4) != 0)
            tell("payment.paid", {{"id", "p" + id_}, {"order_id", id_}, {"amount", total_}});
        if (chance(2)) tell("order.created", {{"orderId", id_}, {"total", total_}});
        facts_.revenue += total_;
        facts_.orders += 1;
        refund();
    }

private:
    enum Known { by_delivery, by_refund_id, by_sum, by_amount };

    void refund() {
        const auto known = static_cast<Known>(*rc::gen::inRange(0, 4));
        const bool by_order = chance(2);
        const bool by_payment = !by_order || chance(2);
        std::int64_t so_far = 0;
        for (int i = 0; i < *rc::gen::inRange(0, 4); ++i) {
            auto cents = *rc::gen::inRange<std::int64_t>(1, 4);
            if (known == by_amount) cents = 10 + i;
            if (so_far + cents > total_) break;
            so_far += cents;
            Json data{{"refund_amount", cents}};
            if (known == by_refund_id) data["refund_id"] = "r" + std::to_string(number_ + i);
            if (known == by_sum) data["total_refunded"] = so_far;
            if (by_order) tell_refund("order.refunded", data, known);
            if (by_payment) tell_refund("payment.refunded", data, known);
        }
        facts_.refunded += so_far;
    }

    void tell_refund(const std::string& event, Json data, Known known) {
        data["orderId"] = id_;
        if (event.starts_with("payment")) data["id"] = "p" + id_;
        tell(event, std::move(data), known == by_delivery);
    }

    void tell(const std::string& event, Json data, bool needs_id = false) {
        Message message;
        if (needs_id || chance(2)) message.id = some_id(++number_);
        message.event = event;
        message.data = std::move(data);
        facts_.messages.push_back(std::move(message));
    }

    Facts& facts_;
    std::string id_;
    int number_;
    std::int64_t total_ = 0;
};

/// One attempt at a delivery: everything that a sender may change is changed.
std::string attempt_at(const Message& message, int attempt, Timestamp now) {
    std::vector<std::pair<std::string, Json>> members;
    if (!message.id.is_null()) members.emplace_back("id", message.id);
    if (message.id.is_null() && chance(2))
        members.emplace_back("id", chance(2) ? Json("") : Json());
    members.emplace_back("event", message.event);
    members.emplace_back("timestamp", now.time_since_epoch() / std::chrono::seconds(1));
    members.emplace_back("metadata", Json{{"attempt", attempt}});
    if (chance(2)) members.emplace_back("webhook_id", "w" + std::to_string(attempt));
    Json data = Json::object();
    for (const auto& member : message.data.items()) {
        data[member.key()] = member.value().is_number()
                                 ? spelled(member.value().get<std::int64_t>())
                                 : member.value();
    }
    data["currency"] = *rc::gen::element<std::string>("BRL", "brl", " Brl ");
    if (chance(2)) data["retry_count"] = attempt;
    if (chance(2)) data["tries"] = attempt;
    if (chance(2)) data["updated_at"] = format_time(now);
    members.emplace_back("data", std::move(data));
    if (chance(2)) std::ranges::reverse(members);
    Json body;
    for (auto& [name, value] : members) body[name] = std::move(value);
    return body.dump(chance(2) ? 2 : -1);
}

}  // namespace

TEST_CASE("the sums of sales are those of the facts, however they are told", "[property]") {
    const bool holds = rc::check("retried, reordered, told by order and payment", [] {
        Facts facts;
        for (int i = 1; i <= *rc::gen::inRange(1, 4); ++i) OrderGenerator(facts, i).make();
        House house;
        std::vector<std::size_t> attempts;
        for (std::size_t i = 0; i < facts.messages.size(); ++i)
            attempts.insert(attempts.end(), *rc::gen::inRange<std::size_t>(1, 4), i);
        for (std::size_t i = attempts.size(); i > 1; --i)
            std::swap(attempts[i - 1], attempts[*rc::gen::inRange<std::size_t>(0, i)]);
        std::vector<int> seen(facts.messages.size());
        for (const auto i : attempts) {
            const auto body = attempt_at(facts.messages[i], ++seen[i], house.log.now);
            const auto reply = house.deliver(body);
            RC_LOG() << body << '\n';
            RC_ASSERT(
                reply.outcome ==
                (seen[i] == 1 ? WebhookOutcome::accepted : WebhookOutcome::duplicate)
            );
        }
        const std::array<std::int64_t, 3> expected{facts.revenue, facts.refunded, facts.orders};
        RC_ASSERT(house.sums() == expected);
    });
    CHECK(holds);
}

TEST_CASE("an id that is given to two deliveries stands for the first; none of them is lost") {
    House house;
    const auto told = [&](const char* event, const char* order, int attempt) {
        Json body{{"id", 1}, {"event", event}, {"timestamp", 1'300'000'000}, {"attempt", attempt}};
        body["data"] = {{"orderId", order}, {"total", 100}, {"currency", "BRL"}};
        return house.deliver(body.dump()).outcome;
    };
    CHECK(told("order.paid", "o1", 1) == WebhookOutcome::accepted);
    CHECK(told("order.paid", "o2", 1) == WebhookOutcome::accepted);
    CHECK(told("order.refunded", "o1", 1) == WebhookOutcome::accepted);
    CHECK(told("order.paid", "o1", 2) == WebhookOutcome::duplicate);
    CHECK(told("order.paid", "o2", 2) == WebhookOutcome::duplicate);
    CHECK(told("order.refunded", "o1", 2) == WebhookOutcome::duplicate);
    CHECK(house.sums() == std::array<std::int64_t, 3>{200, 100, 2});
}

}  // namespace vitrine::tests
