#include "sandbox/program.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iostream>
#include <sstream>

#include "tests/net/support.hpp"
#include "tests/sandbox/fixture.hpp"

using namespace vitrine;
using namespace vitrine::sandbox;
using namespace vitrine::sandbox::testing;

namespace {

const std::string sign_in = R"({"api_key":")" + test_key + R"(","tenant_id":")" + tenant_a + "\"}";

/// run() in a process of its own, its output in a pipe.
class Program {
public:
    explicit Program(const Options& options) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        std::cout.flush();  // or the child would print it again
        process_ = ::fork();
        REQUIRE(process_ >= 0);
        if (process_ == 0) {
            ::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            ::_exit(run(options));
        }
        ::close(ends[1]);
        out_ = ends[0];
        ready_ = Json::parse(read_line(), nullptr, false);  // throwing here would leave the child
    }
    ~Program() {
        if (process_ > 0) end(SIGKILL);
        ::close(out_);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    const Json& ready() const { return ready_; }

    std::uint16_t port() const {
        const auto listen = ready_.at("listen").get<std::string>();
        return static_cast<std::uint16_t>(std::stoi(listen.substr(listen.rfind(':') + 1)));
    }

    /// The exit code, or minus the signal that ended it.
    int end(int signal) {
        ::kill(process_, signal);
        int status = 0;
        ::waitpid(std::exchange(process_, 0), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

    /// What else it printed.
    std::string rest() {
        std::string text;
        for (std::string line = read_line(); !line.empty(); line = read_line()) text += line;
        return text;
    }

private:
    std::string read_line() {
        std::string line;
        char c = 0;
        while (::read(out_, &c, 1) == 1) {
            line += c;
            if (c == '\n') break;
        }
        return line;
    }

    pid_t process_ = 0;
    int out_ = -1;
    Json ready_;
};

Options any_port() {
    Options options;
    options.port = 0;
    return options;
}

/// Sends one request over a connection of its own; the body of the answer.
Json ask(
    std::uint16_t port,
    const std::string& start,
    const std::string& body,
    const std::string& token = ""
) {
    net::testing::RawClient client(port);
    const auto answer = client.ask(
        start + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token +
        "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body
    );
    return Json::parse(net::testing::body_of(answer));
}

int start_with(const Options& options, std::string& said) {
    std::ostringstream errors;
    auto* before = std::cerr.rdbuf(errors.rdbuf());
    const int code = run(options);
    std::cerr.rdbuf(before);
    said = errors.str();
    return code;
}

}  // namespace

TEST_CASE("the program says where it listens, prints nothing else, and ends with 0 on a signal") {
    for (const int signal : {SIGTERM, SIGINT}) {
        Program program(any_port());
        CHECK(program.ready().at("event") == "ready");
        CHECK_THAT(
            program.ready().at("listen").get<std::string>(), Catch::StartsWith("127.0.0.1:")
        );
        ask(program.port(), "POST /api/v1/auth/api-key/token", sign_in);
        CHECK(program.end(signal) == 0);
        CHECK(program.rest().empty());
    }
}

TEST_CASE("what was answered outlives kill -9") {
    TemporaryFolder folder;
    auto options = any_port();
    options.state_file = folder.file("state");
    std::string id;
    std::string token;
    {
        Program program(options);
        const auto signed_in = ask(program.port(), "POST /api/v1/auth/api-key/token", sign_in);
        token = signed_in.at("access_token");
        id = ask(program.port(), "POST /api/v1/offers", R"({"name":"Mug","slug":"mug"})", token)
                 .at("id");
        CHECK(program.end(SIGKILL) == -SIGKILL);
    }
    Program again(options);
    CHECK(ask(again.port(), "GET /api/v1/offers/slug/mug", "", token).at("id") == id);
}

TEST_CASE("orders and faults files are in force from the first request") {
    TemporaryFolder folder;
    auto options = any_port();
    options.clock = parse_time(start_time);
    options.orders_file = folder.file("orders.csv");
    options.faults_file = folder.file("faults.json");
    std::ofstream(options.orders_file)
        << OrderBook::header << "\no1,2011-03-20T10:00:00Z,mug,p,1,9,a,b,c,completed\n";
    std::ofstream(options.faults_file)
        << R"({"rules":[{"path":"/health","times":1,"action":{"status":503}}]})";
    Program program(options);
    CHECK(ask(program.port(), "GET /api/v1/health", "").at("statusCode") == 503);
    const auto signed_in = ask(program.port(), "POST /api/v1/auth/api-key/token", sign_in);
    const std::string token = signed_in.at("access_token");
    ask(program.port(), "POST /api/v1/offers", R"({"name":"Mug","slug":"mug"})", token);
    const auto stats = ask(program.port(), "GET /api/v1/offers/public/mug/stats", "");
    CHECK(stats.at("revenue") == 9);
}

TEST_CASE("a start that cannot be says why in one line, with the code for it") {
    TemporaryFolder folder;
    const auto file = [&](const std::string& name, const std::string& text) {
        std::ofstream(folder.file(name)) << text;
        return folder.file(name);
    };
    std::string said;
    const auto refused = [&](const Options& options, int code, const std::string& why) {
        CHECK(start_with(options, said) == code);
        CHECK_THAT(said, Catch::StartsWith("clubify-sandbox: ") && Catch::Contains(why));
        CHECK(std::count(said.begin(), said.end(), '\n') == 1);
    };
    auto options = any_port();
    options.orders_file = file("orders.csv", std::string(OrderBook::header) + "\nx,y\n");
    refused(options, 2, "line 2 has 2 columns");
    options.orders_file = folder.file("none.csv");
    refused(options, 2, "cannot read");
    options = any_port();
    options.faults_file = file("faults.json", R"({"rules":[{"pth":"/"}]})");
    refused(options, 2, "pth");
    options = any_port();
    options.state_file = file("state", "nonsense\n");
    refused(options, 3, "line 1");
    options.state_file = folder.file("none/state");
    refused(options, 1, "none/state");
    Program holder(any_port());
    options = any_port();
    options.port = holder.port();
    refused(options, 1, "cannot listen on 127.0.0.1:");
}
