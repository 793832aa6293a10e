// subscribers --url URL --header H --connections N --events E: N subscribers of the event feed as
// server-sent events, until each has E events. Prints one line when all listen, and one JSON object
// at the end. One thread and plain sockets, because it shares the cores with what it measures.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/url/parse.hpp>
#include <charconv>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

/// Everything all subscribers count.
struct Tally {
    std::size_t listening = 0, done = 0;
    std::uint64_t events = 0, bytes = 0;
    std::uint64_t gaps = 0;    // an event that does not follow the one before
    std::uint64_t lost = 0;    // connections that ended
    std::vector<double> late;  // milliseconds from the event's time, of some subscribers
};

/// The lines of the stream, without how HTTP cut it into chunks.
class Chunks {
public:
    /// Hands what is content to `take`.
    template <class Take>
    void read(std::string_view bytes, Take take) {
        while (!bytes.empty()) {
            if (left_ > 0) {
                const auto part = bytes.substr(0, left_);
                take(part);
                left_ -= part.size();
                bytes.remove_prefix(part.size());
                continue;
            }
            const char c = bytes.front();
            bytes.remove_prefix(1);
            if (c != '\n') {
                size_ += c;
                continue;
            }
            std::from_chars(size_.data(), size_.data() + size_.size(), left_, 16);
            size_.clear();  // the empty line after a chunk says 0 too
        }
    }

private:
    std::size_t left_ = 0;
    std::string size_;
};

class Subscriber {
public:
    Subscriber(asio::io_context& loop, Tally& tally, std::uint64_t wanted, bool is_timed)
        : socket_(loop), tally_(tally), wanted_(wanted), is_timed_(is_timed) {}

    void connect(const asio::ip::tcp::endpoint& endpoint, const std::string& request) {
        socket_.async_connect(endpoint, [this, &request](error_code error) {
            if (error) return lose();
            asio::write(socket_, asio::buffer(request), error);
            if (error) return lose();
            read();
        });
    }

private:
    void read() {
        socket_.async_read_some(asio::buffer(in_), [this](error_code error, std::size_t got) {
            if (error) return lose();
            tally_.bytes += got;
            take(std::string_view(in_.data(), got));
            if (!socket_.is_open()) return;
            read();
        });
    }

    void take(std::string_view bytes) {
        if (!has_head_) {
            head_ += bytes;
            const auto end = head_.find("\r\n\r\n");
            if (end == std::string::npos) return;
            if (!head_.starts_with("HTTP/1.1 200 ")) return lose();
            has_head_ = true;
            ++tally_.listening;
            const auto rest = std::move(head_);
            return take(std::string_view(rest).substr(end + 4));
        }
        chunks_.read(bytes, [this](std::string_view part) { read_lines(part); });
    }

    void read_lines(std::string_view text) {
        while (!text.empty()) {
            const auto end = text.find('\n');
            if (end == std::string_view::npos) {
                line_ += text;
                return;
            }
            if (line_.empty()) {
                read_line(text.substr(0, end));
            } else {
                line_ += text.substr(0, end);
                read_line(line_);
                line_.clear();
            }
            text.remove_prefix(end + 1);
        }
    }

    void read_line(std::string_view line) {
        if (is_timed_ && line.starts_with("data: ")) return read_time(line);
        if (!line.starts_with("id: ")) return;
        std::uint64_t position = 0;
        std::from_chars(line.data() + 4, line.data() + line.size(), position);
        if (seen_ != 0 && position != seen_ + 1) ++tally_.gaps;
        seen_ = position;
        ++tally_.events;
        if (++got_ == wanted_) ++tally_.done;
    }

    void read_time(std::string_view line) {
        constexpr std::string_view name = "\"time\":\"";
        const auto begin = line.find(name) + name.size();
        const auto time = vitrine::parse_time(line.substr(begin, line.find('"', begin) - begin));
        if (!time) return;
        const auto now =
            std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()
            );
        tally_.late.push_back(static_cast<double>((now - *time).count()) / 1000.0);
    }

    void lose() {
        error_code ignored;
        socket_.close(ignored);
        ++tally_.lost;
    }

    Socket socket_;
    Tally& tally_;
    std::uint64_t wanted_, got_ = 0, seen_ = 0;
    bool is_timed_, has_head_ = false;
    std::string head_, line_;
    Chunks chunks_;
    std::array<char, 16UL * 1024> in_{};
};

double at(const std::vector<double>& sorted, double share) {
    if (sorted.empty()) return 0;
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app(
        "Subscribes to the event feed many times and checks that everybody gets everything."
    );
    std::string url;
    std::vector<std::string> headers;
    std::size_t connections = 1000;
    std::uint64_t events = 1;
    double seconds = 60;
    app.add_option("--url", url, "http://host:port/v1/events?from=…")->required();
    app.add_option("--header", headers, "\"Name: value\"; repeatable");
    app.add_option("--connections", connections)->capture_default_str();
    app.add_option("--events", events, "that each subscriber waits for")->required();
    app.add_option("--seconds", seconds, "at most")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    const auto parsed = boost::urls::parse_uri(url);
    if (!parsed || parsed->scheme() != "http") {
        std::cerr << "subscribers: not an http URL: " << url << '\n';
        return 2;
    }
    std::string request = "GET " + std::string(parsed->encoded_target()) +
                          " HTTP/1.1\r\nHost: " + std::string(parsed->encoded_host_and_port()) +
                          "\r\nAccept: text/event-stream\r\n";
    for (const auto& header : headers) request += header + "\r\n";
    request += "\r\n";

    asio::io_context loop(1);
    asio::ip::tcp::resolver resolver(loop);
    const auto found = resolver.resolve(std::string(parsed->host()), std::string(parsed->port()));
    Tally tally;
    std::vector<std::unique_ptr<Subscriber>> subscribers;
    for (std::size_t i = 0; i < connections; ++i) {
        subscribers.push_back(std::make_unique<Subscriber>(loop, tally, events, i % 50 == 0));
        subscribers.back()->connect(found.begin()->endpoint(), request);
    }
    const auto limit = std::chrono::steady_clock::now() +
                       std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
    const auto run_until = [&](const std::size_t& count) {
        while (count + tally.lost < connections && loop.run_one_until(limit) > 0) continue;
    };
    run_until(tally.listening);
    std::cout << "{\"listening\":" << tally.listening << "}" << std::endl;
    run_until(tally.done);
    std::ranges::sort(tally.late);
    std::cout << "{\"subscribers\":" << connections << ",\"got_all\":" << tally.done
              << ",\"events\":" << tally.events << ",\"gaps\":" << tally.gaps
              << ",\"ended\":" << tally.lost << ",\"mib\":" << (tally.bytes >> 20)
              << ",\"late_ms\":{\"p50\":" << at(tally.late, 0.5)
              << ",\"p99\":" << at(tally.late, 0.99) << ",\"max\":" << at(tally.late, 1) << "}}"
              << std::endl;
    return tally.done == connections && tally.gaps == 0 ? 0 : 1;
}
