#pragma once

#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <filesystem>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "net/client.hpp"
#include "net/server.hpp"
#include "sandbox/platform.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::sandbox::testing {

inline const std::string tenant_a = "507f1f77bcf86cd799439011";
inline const std::string tenant_b = "3f2b8c1e-5d4a-4c3b-9a8f-0123456789ab";
inline const std::string test_key = "clb_test_0123456789abcdef0123456789abcdef";
inline const std::string start_time = "2011-04-01T03:00:00Z";

struct Setting {
    std::uint64_t seed = 7;
    std::optional<Timestamp> clock = parse_time(start_time);
    bool strict = false;
    PlatformOptions platform{};
    std::string state_file{};
};

/// An answer, its body read.
struct Answer {
    int status{};
    net::Headers headers;
    std::string text;
    Json json;  // null when the body is no JSON

    std::string header(std::string_view name) const {
        return std::string(headers.find(name).value_or(""));
    }
};

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "sandbox-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()));
        path_ = pattern;
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    std::string file(const std::string& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

/// The whole sandbox on a loop of its own, and a client that speaks HTTP to it over a real socket.
class Sandbox {
public:
    explicit Sandbox(Setting setting = {});
    ~Sandbox();

    using Fields = std::vector<net::Headers::Field>;

    /// One request as it is; nullopt: the connection was cut.
    std::optional<Answer> try_send(
        std::string method,
        std::string target,
        std::string body,
        Fields headers,
        std::chrono::milliseconds deadline = std::chrono::seconds(20)
    );
    Answer send(std::string method, std::string target, std::string body, Fields headers = {});

    std::uint16_t port() const { return server_->port(); }
    World& world() { return *world_; }  // after stop() only
    void stop();

    /// The control plane.
    Answer control(
        const std::string& method, const std::string& what, const std::string& body = ""
    );
    void faults(const std::string& rules);
    Json state() { return control("GET", "state").json; }
    Json requests() { return control("GET", "requests").json.at("requests"); }

private:
    boost::asio::io_context loop_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ =
        boost::asio::make_work_guard(loop_);
    std::unique_ptr<World> world_;
    std::unique_ptr<Keeping> keeping_;
    std::unique_ptr<Platform> platform_;
    std::optional<net::Server> server_;
    std::thread thread_;
    boost::asio::io_context client_loop_{1};
    net::Client client_{client_loop_.get_executor(), {}};
};

/// One who has signed in; paths are relative to /api/v1.
class Seller {
public:
    Seller(Sandbox& sandbox, const std::string& tenant, const std::string& key = test_key);

    Answer call(const std::string& method, const std::string& path, const std::string& body = "");
    Answer get(const std::string& path) { return call("GET", path); }
    Answer post(const std::string& path, const std::string& body = "") {
        return call("POST", path, body);
    }
    Answer put(const std::string& path, const std::string& body) { return call("PUT", path, body); }

    /// Ids of what was made.
    std::string product(const std::string& name = "Mug");
    std::string offer(const std::string& slug, const std::string& more = "");

    Sandbox::Fields headers;

private:
    Sandbox& sandbox_;
};

/// The error body of the platform: `message`, `error`, `statusCode` first and in this order.
void check_error(const Answer& answer, int status, const std::string& part_of_message);

}  // namespace vitrine::sandbox::testing
