#include "commands/problem.hpp"

#include <set>

#include "commands/areas.hpp"
#include "commands/engine/schema.hpp"
#include "commands/form_words.hpp"
#include "commands/json.hpp"
#include "commands/problem_of.hpp"
#include "gateways/clubify/refusals.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

/// The words of both languages that are the same: whoever adds a text forgets one of them so.
void check_translated(std::string_view english, std::string_view portuguese) {
    CAPTURE(english);
    CHECK_FALSE(portuguese.empty());
    CHECK(portuguese != english);
}

void check_patterns(const Json& node) {
    if (node.is_object() && node.contains("pattern")) {
        const std::string description = node.at("description");
        check_translated(description, form_words(description).in(Language::portuguese));
    }
    if (!node.is_structured()) return;
    for (const auto& child : node) check_patterns(child);
}

}  // namespace

TEST_CASE("every problem type has its words in both languages, and its name once", "[problem]") {
    std::set<std::string_view> names;
    for (const auto& type : problem_types()) {
        CAPTURE(type.name);
        CHECK(names.insert(type.name).second);
        check_translated(type.title.english, type.title.portuguese);
        check_translated(type.help.english, type.help.portuguese);
        CHECK(type.comes_with(type.status()));
        CHECK_FALSE(type.comes_with(0));
    }
}

TEST_CASE("what commands are about has a name in both languages", "[problem]") {
    for (const auto& definition : definitions()) {
        CAPTURE(definition.name);
        CHECK_FALSE(definition.entity.this_one.portuguese.empty());
        check_patterns(Json::parse(definition.schema));
    }
}

TEST_CASE("a stored problem is told in any language, without a trace of the other", "[problem]") {
    auto problem = problem_named("validation-failed", {"two faults", "duas falhas"});
    problem.faults = {
        {"/a", "required", {"is required", "é obrigatório"}}, {"/b", "x", Phrase::as_is("as is")}
    };
    problem.instance = "/v1/commands/c";
    for (const auto language : {Language::english, Language::portuguese}) {
        CHECK(body_in(language, problem.to_stored().dump()) == problem.to_json(language));
    }
    const auto portuguese = Json::parse(problem.to_json(Language::portuguese));
    CHECK(portuguese["errors"][0]["detail"] == "é obrigatório");
    CHECK(portuguese["errors"][1]["detail"] == "as is");
}

TEST_CASE("a stored problem has no byte that is not UTF-8, whoever wrote it", "[problem]") {
    const auto problem = problem_named("clubify-refused", Phrase::as_is("no \xff"));
    const auto told = Json::parse(body_in(Language::portuguese, problem.to_stored().dump()));
    CHECK(told["detail"] == "no \xef\xbf\xbd");
}

TEST_CASE("what was stored in English only is told with a translated title", "[problem]") {
    const std::string old =
        R"({"type":"/problems/slug-taken","title":"The slug belongs to another offer","status":409,"detail":"taken","command_id":"c"})";
    CHECK(body_in(Language::english, old) == old);
    const auto told = Json::parse(body_in(Language::portuguese, old));
    CHECK(told["title"] == problem_type("slug-taken").title.portuguese);
    CHECK(told["detail"] == "taken");
    CHECK(told["command_id"] == "c");
}

TEST_CASE("problems within answers and lists of commands are told likewise", "[problem]") {
    const auto stored = problem_named("clubify-refused", {"no", "não"}).to_stored();
    Json answer;
    answer["offer_id"] = "o";
    answer["activation"]["status"] = "failed";
    answer["activation"]["problem"] = stored;
    const auto told = Json::parse(body_in(Language::portuguese, answer.dump()));
    CHECK(told["activation"]["problem"]["detail"] == "não");
    CHECK_FALSE(told["activation"]["problem"].contains("pt-BR"));

    Json state;
    state["command_id"] = "c";
    state["answer"]["body"] = stored;
    Json list;
    list["items"] = Json::array({state, Json::object()});
    const auto one = Json::parse(states_in(Language::english, state.dump()));
    CHECK(one["answer"]["body"]["detail"] == "no");
    CHECK_FALSE(one["answer"]["body"].contains("pt-BR"));
    const auto page = Json::parse(states_in(Language::portuguese, list.dump()));
    CHECK(page["items"][0]["answer"]["body"]["detail"] == "não");
}

TEST_CASE("a problem comes with the statuses of its type alone, whatever the platform said") {
    using Kind = clubify::CallError::Kind;
    const auto kind = GENERATE(
        Kind::refused, Kind::credentials, Kind::unavailable, Kind::not_sent, Kind::unknown
    );
    const int status = GENERATE(0, 400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504);
    const auto retry_after =
        GENERATE(std::optional<std::chrono::seconds>(), std::optional(std::chrono::seconds(1)));
    const clubify::CallError error{kind, status, Phrase::as_is("it already exists"), retry_after};
    using clubify::Settle;
    const auto settle = GENERATE(
        Settle::offer_by_slug,
        Settle::product_by_mark,
        Settle::product_edit_mark,
        Settle::offer_edit_mark,
        Settle::offer_status,
        Settle::offer_has_product,
        Settle::offer_lacks_product,
        Settle::offer_product_as_sent,
        Settle::repeat
    );
    for (const auto& refusal :
         {clubify::refusal_of(settle, error),
          clubify::not_done(error),
          clubify::missing_there(settle),
          clubify::slug_taken_there("x")}) {
        CAPTURE(refusal.problem, refusal.status);
        CHECK(problem_type(refusal.problem).comes_with(refusal.status));
    }
    CHECK_NOTHROW(problem_of(error).http_status());
}

TEST_CASE("a problem with a status that its page lacks is a program error") {
    auto problem = problem_named("clubify-refused", {});
    CHECK(problem.http_status() == 422);
    problem.status = 409;
    CHECK_THROWS_AS(problem.http_status(), std::logic_error);
    CHECK_THROWS_AS(problem.to_json(Language::english), std::logic_error);
}
