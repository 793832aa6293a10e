#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "commands/engine/handler.hpp"
#include "commands/engine/planned.hpp"
#include "commands/json.hpp"
#include "gateways/effects.hpp"

// An area and a gateway that no list of the program has.
namespace vitrine::commands::spec {

namespace asio = boost::asio;

/// Something happened to a note.
struct Noted {
    std::string text;
};
inline events::Encoded encode(const Noted& event) {
    Json json;
    json["text"] = event.text;
    return {"Noted", 1, json.dump()};
}

inline constexpr Entity note_entity{
    .name = "note", .collection = "/v1/notes", .this_one = {"note", "esta nota"}
};
inline constexpr ClaimKind text_kind{
    .name = "text",
    .noun = {"text", "texto"},
    .problem = "slug-taken",
    .owner = {"another note", "outra nota"}
};

/// What the tests do while a note is decided.
inline std::function<void(Version)> at_load = [](Version) {};

/// From which version on a note takes no more.
inline Version full_at = 5;

struct NoteHandling {
    static std::string parse(const Preparation& from) {
        return text_member(from.body, "text").value_or("");
    }
    static Version load(const Preparation& from, const std::string&) {
        at_load(from.version);
        return from.version;
    }
    static std::expected<std::vector<Noted>, Rejection>
    decide(const std::string& text, const Version& version, const Preparation&) {
        if (version >= full_at)
            return std::unexpected(Rejection{"illegal-transition", {"full", "cheia"}, {}});
        return std::vector<Noted>{{text + " after " + std::to_string(version)}};
    }
    static JsonText answer(const std::string&, const Version&, const Preparation&) {
        return status_answer("noted");
    }
};

struct ClaimingHandling : NoteHandling {
    static Claims claims(const ClaimRequest& request) {
        const auto number = request.choice == 0 ? "" : "-" + std::to_string(request.choice + 1);
        return {{"text", text_member(request.body, "text").value_or("") + number}};
    }
    static bool has_choice(const ClaimRequest& request) {
        return request.body.contains("or_alike");
    }
};

struct SendingHandling : NoteHandling {
    static void
    effects(Plan& plan, const std::string& text, const Version&, const std::vector<Noted>&, const Preparation&) {
        carried_by(
            plan,
            "send",
            Effect{.connector = "toy", .method = "PUT", .path = "/notes", .subject = text}
        );
    }
};

inline constexpr std::string_view any_body = R"({"type":"object"})";
inline constexpr Definition note_commands[] = {
    {.name = "BeginNote",
     .method = "POST",
     .route = "/v1/notes",
     .entity = note_entity,
     .creates = true,
     .schema = any_body,
     .handler = handled_by<ClaimingHandling>,
     .claims = &text_kind},
    {.name = "AddToNote",
     .method = "POST",
     .route = "/v1/notes/{id}/lines",
     .entity = note_entity,
     .schema = any_body,
     .handler = handled_by<NoteHandling>},
    {.name = "SendNote",
     .method = "POST",
     .route = "/v1/notes/{id}/send",
     .entity = note_entity,
     .failure_type = "OfferEditFailed",
     .schema = any_body,
     .handler = handled_by<SendingHandling>},
};

/// What has happened outside, how often, whoever has sent it.
using ToyWorld = std::map<std::string, int>;

/// Answers as it is told to, one after the other, then as what has happened is.
class ToyGateway : public gateways::Effects {
public:
    explicit ToyGateway(ToyWorld& world) : world_(world) {}

    /// Where a send stays until `go_on`: for ever, if the loop ends before.
    enum class Stays { nowhere, before_the_effect, after_the_effect };

    std::deque<gateways::Sent> sent_answers;
    std::deque<gateways::Settled> settled_answers;
    std::function<void()> at_send = [] {};
    std::vector<std::string> sends, look_ups;
    Stays stays = Stays::nowhere;

    gateways::Manner manner(const Effect&) const override { return {}; }
    asio::awaitable<gateways::Sent> send(Effect effect, gateways::EffectOrigin) override {
        sends.push_back(effect.subject);
        at_send();
        if (stays == Stays::before_the_effect) co_await stay();
        const auto sent = next(sent_answers, gateways::Sent(gateways::Done{}));
        if (std::holds_alternative<gateways::Done>(sent)) ++world_[effect.subject];
        if (stays == Stays::after_the_effect) co_await stay();
        co_return sent;
    }
    asio::awaitable<gateways::Settled> settle(Effect effect, gateways::EffectOrigin) override {
        look_ups.push_back(effect.subject);
        co_return next(
            settled_answers,
            world_.contains(effect.subject) ? gateways::Settled(gateways::Done{})
                                            : gateways::Settled(gateways::Absent{})
        );
    }

    void go_on() {
        stays = Stays::nowhere;
        for (auto* timer : staying_) timer->cancel();
        staying_.clear();
    }

private:
    asio::awaitable<void> stay() {
        asio::steady_timer timer(
            co_await asio::this_coro::executor, asio::steady_timer::time_point::max()
        );
        staying_.push_back(&timer);
        boost::system::error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }

    template <class T>
    static T next(std::deque<T>& answers, T otherwise) {
        if (answers.empty()) return otherwise;
        auto answer = std::move(answers.front());
        answers.pop_front();
        return answer;
    }

    ToyWorld& world_;
    std::vector<asio::steady_timer*> staying_;
};

inline gateways::Refusal refusal() {
    return {"clubify-refused", 422, "refused", {"no", "não"}};
}

}  // namespace vitrine::commands::spec
