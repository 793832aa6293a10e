#include "commands/problem.hpp"

#include <set>

#include "commands/definitions.hpp"
#include "commands/json.hpp"
#include "commands/problem_of.hpp"
#include "commands/schema.hpp"
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
        CHECK_FALSE(this_one(definition.entity).portuguese.empty());
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
