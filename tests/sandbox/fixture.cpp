#include "tests/sandbox/fixture.hpp"

#include <boost/asio/co_spawn.hpp>

namespace vitrine::sandbox::testing {

Sandbox::Sandbox(Setting setting) {
    world_ = std::make_unique<World>(
        setting.seed,
        SandboxClock(setting.clock),
        Zone::find("America/Sao_Paulo").value(),
        setting.strict
    );
    if (!setting.state_file.empty()) {
        keeping_ = std::make_unique<Keeping>(*world_, setting.state_file, [](const auto&) {});
    }
    platform_ =
        std::make_unique<Platform>(loop_.get_executor(), *world_, keeping_.get(), setting.platform);
    server_.emplace(
        std::vector{&loop_},
        net::ServerOptions{},
        [this](net::Request request) { return platform_->handle(std::move(request)); },
        [this](net::Refusal, const net::Request&) {
            return platform_->refuse(bad_request("refused", "malformed"));
        }
    );
    thread_ = std::thread([this] { loop_.run(); });
}

Sandbox::~Sandbox() {
    stop();
}

void Sandbox::stop() {
    if (!thread_.joinable()) return;
    client_.close();
    std::promise<void> drained;
    server_->drain(std::chrono::seconds(5), [&] { drained.set_value(); });
    drained.get_future().wait();
    loop_.stop();
    thread_.join();
    server_.reset();
    keeping_.reset();
}

std::optional<Answer> Sandbox::try_send(
    std::string method,
    std::string target,
    std::string body,
    Fields headers,
    std::chrono::milliseconds deadline
) {
    net::Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    for (auto& [name, value] : headers) request.headers.add(name, value);
    net::BaseUrl base;
    base.host = "127.0.0.1";
    base.port = port();
    std::optional<Answer> answer;
    auto wait = [&]() -> boost::asio::awaitable<void> {
        auto sent = co_await client_.send(base, "test", std::move(request), deadline);
        if (!sent) co_return;
        answer.emplace(sent->status, sent->headers, sent->body, Json());
    };
    bool done = false;
    boost::asio::co_spawn(client_loop_, wait, [&](std::exception_ptr error) {
        done = true;
        if (error) std::rethrow_exception(error);
    });
    client_loop_.restart();
    while (!done) client_loop_.run_one();
    if (answer) answer->json = Json::parse(answer->text, nullptr, false);
    return answer;
}

Answer Sandbox::send(std::string method, std::string target, std::string body, Fields headers) {
    auto answer =
        try_send(std::move(method), std::move(target), std::move(body), std::move(headers));
    REQUIRE(answer);
    return *answer;
}

Answer Sandbox::control(
    const std::string& method, const std::string& what, const std::string& body
) {
    return send(method, "/_sandbox/" + what, body);
}

void Sandbox::faults(const std::string& rules) {
    const auto answer = control("POST", "faults", R"({"rules":)" + rules + "}");
    INFO(answer.text);
    REQUIRE(answer.status == 200);
}

Seller::Seller(Sandbox& sandbox, const std::string& tenant, const std::string& key)
    : sandbox_(sandbox) {
    const Json body{{"api_key", key}, {"tenant_id", tenant}, {"grant_type", "api_key"}};
    const auto answer = sandbox.send("POST", "/api/v1/auth/api-key/token", body.dump());
    REQUIRE(answer.status == 200);
    headers = {{"Authorization", "Bearer " + answer.json.at("access_token").get<std::string>()}};
}

Answer Seller::call(const std::string& method, const std::string& path, const std::string& body) {
    auto all = headers;
    all.emplace_back("Content-Type", "application/json");
    return sandbox_.send(method, "/api/v1" + path, body, all);
}

std::string Seller::product(const std::string& name) {
    const auto made = post("/products", Json{{"name", name}, {"type", "digital"}}.dump());
    REQUIRE(made.status == 201);
    return made.json.at("id");
}

std::string Seller::offer(const std::string& slug, const std::string& more) {
    const auto made = post("/offers", R"({"name":"An offer","slug":")" + slug + '"' + more + '}');
    INFO(made.text);
    REQUIRE(made.status == 201);
    return made.json.at("id");
}

void check_error(const Answer& answer, int status, const std::string& part_of_message) {
    INFO(answer.text);
    CHECK(answer.status == status);
    REQUIRE(answer.json.is_object());
    auto member = answer.json.begin();
    CHECK(member.key() == "message");
    REQUIRE(member.value().is_string());
    CHECK_THAT(member.value().get<std::string>(), Catch::Contains(part_of_message));
    CHECK((++member).key() == "error");
    CHECK((++member).key() == "statusCode");
    CHECK(member.value() == status);
    CHECK(answer.json.at("requestId").is_string());
}

}  // namespace vitrine::sandbox::testing
