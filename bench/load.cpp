// An HTTP load driver for 127.0.0.1: N keep-alive connections, each sending its next request when
// the last is answered. One thread, plain sockets (or TLS, whose certificate is taken as it is) and
// a parser for exactly what our servers answer, because it shares the cores with what it measures.
// Prints one JSON object.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <chrono>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Time = std::chrono::steady_clock;
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

struct Plan {
    std::string host, port;
    bool tls = false;
    std::string method = "GET";
    std::vector<std::string> paths;
    std::vector<std::string> headers;
    std::string body;
    std::uint64_t requests = 0;  // 0: until the time is up
    double seconds = 0;          // 0: until the requests are done
    double rate = 0;             // requests a second of all connections; 0: as fast as answered
    std::uint64_t first = 1;
};

/// Text with {n} (the number of the request), {a} and {b} (two numbers below 1,000 that differ,
/// made of it) and {uuid} (random) in it.
class Template {
public:
    explicit Template(std::string_view text) {
        std::size_t begin = 0;
        for (std::size_t at = 0; at < text.size(); ++at) {
            for (const auto& [name, kind] : marks) {
                if (text.substr(at, name.size()) != name) continue;
                pieces_.push_back({kind, std::string(text.substr(begin, at - begin))});
                begin = at + name.size();
                at = begin - 1;
                break;
            }
        }
        pieces_.push_back({Kind::end, std::string(text.substr(begin))});
    }

    void write(std::uint64_t n, std::mt19937_64& random, std::string& out) const {
        for (const auto& [kind, text] : pieces_) {
            out += text;
            if (kind == Kind::number) out += std::to_string(n);
            if (kind == Kind::one) out += std::to_string(n % 1000);
            if (kind == Kind::other) out += std::to_string((n + 1 + n / 1000 % 999) % 1000);
            if (kind == Kind::uuid) append_uuid(random, out);
        }
    }

private:
    enum class Kind { number, one, other, uuid, end };
    static constexpr std::array<std::pair<std::string_view, Kind>, 4> marks{
        {{"{n}", Kind::number}, {"{a}", Kind::one}, {"{b}", Kind::other}, {"{uuid}", Kind::uuid}}
    };

    static void append_uuid(std::mt19937_64& random, std::string& out) {
        constexpr std::string_view shape = "xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx";
        std::uint64_t bits = 0;
        int left = 0;
        for (const char c : shape) {
            if (c != 'x') {
                out += c;
                continue;
            }
            if (left == 0) {
                bits = random();
                left = 16;
            }
            out += "0123456789abcdef"[bits & 15];
            bits >>= 4;
            --left;
        }
    }

    std::vector<std::pair<Kind, std::string>> pieces_;
};

/// Everything all connections count.
struct Tally {
    std::vector<std::uint32_t> micros;
    std::map<int, std::uint64_t> statuses;
    std::uint64_t sent = 0;
    Time::time_point began = Time::now();
    std::uint64_t errors = 0;
    std::string first_error;
    bool stopped = false;
};

class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(
        asio::io_context& loop,
        asio::ssl::context& tls,
        asio::ip::tcp::endpoint endpoint,
        const Plan& plan,
        const std::vector<Template>& heads,
        const Template& body,
        Tally& tally,
        std::uint64_t seed
    )
        : socket_(loop),
          tls_context_(tls),
          pause_(loop),
          endpoint_(std::move(endpoint)),
          plan_(plan),
          heads_(heads),
          body_(body),
          tally_(tally),
          random_(seed) {}

    void connect() {
        error_code ignored;
        tls_.reset();
        socket_.close(ignored);
        filled_ = 0;
        if (finished()) return;
        socket_.async_connect(endpoint_, [self = shared_from_this()](error_code error) {
            if (error) return self->fail(error.message());
            self->socket_.set_option(asio::ip::tcp::no_delay(true), error);
            self->socket_.non_blocking(true, error);
            if (self->plan_.tls) return self->shake_hands();
            self->send();
        });
    }

private:
    void shake_hands() {
        tls_.emplace(socket_, tls_context_);
        tls_->async_handshake(
            asio::ssl::stream_base::client,
            [self = shared_from_this()](error_code error) {
                if (error) return self->fail(error.message());
                self->send();
            }
        );
    }

    bool finished() const {
        return tally_.stopped || (plan_.requests > 0 && tally_.sent >= plan_.requests);
    }

    void send() {
        if (finished()) {
            error_code ignored;
            socket_.close(ignored);
            return;
        }
        const std::uint64_t sent = tally_.sent++;
        if (plan_.rate > 0) return send_in_time(sent);
        began_ = Time::now();
        send(plan_.first + sent);
    }

    /// Its time counts from when it was due, so that a slow answer before it is not overlooked.
    void send_in_time(std::uint64_t sent) {
        began_ =
            tally_.began + std::chrono::duration_cast<Time::duration>(
                               std::chrono::duration<double>(static_cast<double>(sent) / plan_.rate)
                           );
        pause_.expires_at(began_);
        pause_.async_wait([self = shared_from_this(), sent](error_code) {
            self->send(self->plan_.first + sent);
        });
    }

    void send(std::uint64_t n) {
        out_.clear();
        heads_[n % heads_.size()].write(n, random_, out_);
        content_.clear();
        body_.write(n, random_, content_);
        if (!content_.empty()) {
            out_ += "Content-Type: application/json\r\nContent-Length: ";
            out_ += std::to_string(content_.size());
            out_ += "\r\n";
        }
        out_ += "\r\n";
        out_ += content_;
        if (tls_) return write(*tls_, 0);
        error_code error;
        const std::size_t done = socket_.write_some(asio::buffer(out_), error);
        if (error && error != asio::error::would_block) return fail(error.message());
        if (done == out_.size()) return read();
        write(socket_, done);
    }

    template <class Stream>
    void write(Stream& stream, std::size_t done) {
        asio::async_write(
            stream,
            asio::buffer(out_) + done,
            [self = shared_from_this()](error_code failed, std::size_t) {
                if (failed) return self->fail(failed.message());
                self->read();
            }
        );
    }

    void read() {
        if (in_.size() - filled_ < 4096) in_.resize(in_.size() + 16 * 1024);
        const auto space = asio::buffer(in_) + filled_;
        const auto taken = [self = shared_from_this()](error_code error, std::size_t got) {
            if (error) return self->fail(error.message());
            self->filled_ += got;
            self->parse();
        };
        if (tls_) return tls_->async_read_some(space, taken);
        socket_.async_read_some(space, taken);
    }

    void parse() {
        const std::string_view text(in_.data(), filled_);
        const auto end = text.find("\r\n\r\n");
        if (end == std::string_view::npos) return read();
        const auto head = text.substr(0, end + 2);
        int status = 0;
        if (head.size() < 12) return fail("no status line");
        std::from_chars(head.data() + 9, head.data() + 12, status);
        std::uint64_t length = 0;
        const auto value = find(head, "\r\ncontent-length:");
        std::from_chars(value.data(), value.data() + value.size(), length);
        if (filled_ < end + 4 + length) return read();
        const auto took =
            std::chrono::duration_cast<std::chrono::microseconds>(Time::now() - began_);
        tally_.micros.push_back(static_cast<std::uint32_t>(took.count()));
        ++tally_.statuses[status];
        filled_ = 0;
        if (find(head, "\r\nconnection:").starts_with("close")) return connect();
        send();
    }

    static std::string_view find(std::string_view head, std::string_view name) {
        const auto found =
            std::search(head.begin(), head.end(), name.begin(), name.end(), [](char a, char b) {
                return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b;
            });
        if (found == head.end()) return {};
        auto value = head.substr(static_cast<std::size_t>(found - head.begin()) + name.size());
        while (value.starts_with(' ')) value.remove_prefix(1);
        return value.substr(0, value.find('\r'));
    }

    void fail(const std::string& why) {
        if (tally_.stopped) return;
        ++tally_.errors;
        if (tally_.first_error.empty()) tally_.first_error = why;
        pause_.expires_after(std::chrono::milliseconds(10));
        pause_.async_wait([self = shared_from_this()](error_code) { self->connect(); });
    }

    Socket socket_;
    asio::ssl::context& tls_context_;
    std::optional<asio::ssl::stream<Socket&>> tls_;
    asio::steady_timer pause_;
    asio::ip::tcp::endpoint endpoint_;
    const Plan& plan_;
    const std::vector<Template>& heads_;
    const Template& body_;
    Tally& tally_;
    std::mt19937_64 random_;
    std::string out_, content_;
    std::vector<char> in_;
    std::size_t filled_ = 0;
    Time::time_point began_;
};

bool take_url(std::string_view url, Plan& plan) {
    plan.tls = url.starts_with("https://");
    if (!plan.tls && !url.starts_with("http://")) return false;
    url.remove_prefix(plan.tls ? 8 : 7);
    const auto slash = std::min(url.find('/'), url.size());
    const auto host = url.substr(0, slash);
    const auto colon = std::min(host.find(':'), host.size());
    plan.host = host.substr(0, colon);
    plan.port = colon < host.size() ? host.substr(colon + 1) : "80";
    const std::string prefix(url.substr(slash));
    if (plan.paths.empty()) plan.paths = {prefix.empty() ? "/" : prefix};
    return true;
}

std::vector<Template> heads_of(const Plan& plan) {
    std::vector<Template> heads;
    for (const auto& path : plan.paths) {
        std::string head = plan.method + " " + path + " HTTP/1.1\r\nHost: " + plan.host + "\r\n";
        for (const auto& header : plan.headers) head += header + "\r\n";
        heads.emplace_back(head);
    }
    return heads;
}

double millis(const std::vector<std::uint32_t>& sorted, double part) {
    if (sorted.empty()) return 0;
    const auto last = static_cast<double>(sorted.size() - 1);
    return sorted[static_cast<std::size_t>(last * part)] / 1000.0;
}

void print(Tally& tally, double seconds) {
    auto& times = tally.micros;
    std::ranges::sort(times);
    std::cout << "{\"requests\":" << times.size() << ",\"seconds\":" << seconds
              << ",\"requests_per_second\":" << static_cast<double>(times.size()) / seconds
              << ",\"latency_ms\":{\"p50\":" << millis(times, 0.5)
              << ",\"p90\":" << millis(times, 0.9) << ",\"p99\":" << millis(times, 0.99)
              << ",\"max\":" << millis(times, 1) << "},\"statuses\":{";
    const char* comma = "";
    for (const auto& [status, count] : tally.statuses) {
        std::cout << comma << '"' << status << "\":" << count;
        comma = ",";
    }
    std::cout << "},\"errors\":" << tally.errors << ",\"first_error\":\"" << tally.first_error
              << "\"}" << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Sends HTTP requests and measures how they are answered.");
    Plan plan;
    std::string url, paths_file, body_file;
    std::size_t connections = 64;
    app.add_option("--url", url, "http(s)://host:port/path; {n} and {uuid} are replaced")
        ->required();
    app.add_option(
           "--paths",
           paths_file,
           "instead of the URL's path: a file, one path a line, taken in turn"
    )
        ->check(CLI::ExistingFile);
    app.add_option("--connections", connections)->capture_default_str();
    app.add_option("--seconds", plan.seconds, "how long (default 5 without --requests)");
    app.add_option("--requests", plan.requests, "how many");
    app.add_option(
        "--rate", plan.rate, "how many a second; as fast as they are answered without it"
    );
    app.add_option("--first", plan.first, "what {n} begins with")->capture_default_str();
    app.add_option("--method", plan.method)->capture_default_str();
    app.add_option(
        "--header", plan.headers, "\"Name: value\"; repeatable; {n} and {uuid} are replaced"
    );
    app.add_option(
        "--body-template", plan.body, "JSON body; {n}, {a}, {b} and {uuid} are replaced"
    );
    app.add_option("--body-file", body_file, "the same from a file")->check(CLI::ExistingFile);
    CLI11_PARSE(app, argc, argv);
    if (plan.requests == 0 && plan.seconds == 0) plan.seconds = 5;
    if (!paths_file.empty()) {
        std::ifstream file(paths_file);
        for (std::string line; std::getline(file, line);) plan.paths.push_back(line);
    }
    if (!body_file.empty()) {
        std::ifstream file(body_file);
        plan.body.assign(std::istreambuf_iterator<char>(file), {});
    }
    if (!take_url(url, plan)) {
        std::cerr << "load: not an http(s) URL: " << url << '\n';
        return 2;
    }

    asio::io_context loop(1);
    asio::ssl::context tls(asio::ssl::context::tls_client);
    error_code error;
    asio::ip::tcp::resolver resolver(loop);
    const auto found = resolver.resolve(plan.host, plan.port, error);
    if (error) {
        std::cerr << "load: " << plan.host << ": " << error.message() << '\n';
        return 1;
    }
    const auto heads = heads_of(plan);
    const Template body(plan.body);
    Tally tally;
    tally.micros.reserve(1 << 20);
    std::random_device seed;
    for (std::size_t i = 0; i < connections; ++i) {
        std::make_shared<Connection>(
            loop,
            tls,
            found.begin()->endpoint(),
            plan,
            heads,
            body,
            tally,
            (std::uint64_t{seed()} << 32) + i
        )
            ->connect();
    }
    asio::steady_timer end(loop);
    if (plan.seconds > 0) {
        end.expires_after(std::chrono::microseconds(static_cast<std::int64_t>(plan.seconds * 1e6)));
        end.async_wait([&](error_code) {
            tally.stopped = true;
            loop.stop();
        });
    }
    // With --requests alone the loop ends when the last connection has nothing left to send.
    loop.run();
    print(tally, std::chrono::duration<double>(Time::now() - tally.began).count());
    return tally.micros.empty() ? 1 : 0;
}
