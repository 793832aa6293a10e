#include <algorithm>
#include <boost/beast/http/error.hpp>

#include "net/connection.hpp"
#include "net/error_words.hpp"
#include "net/response_parser.hpp"

namespace vitrine::net {
namespace {

using boost::system::error_code;
using Kind = TransportError::Kind;
namespace http = boost::beast::http;

constexpr std::size_t head_room = 4UL * 1024;
constexpr std::size_t chunk_room = 16UL * 1024;
constexpr std::size_t body_room = 64UL * 1024;
// of header, chunk headers or trailers in one piece
constexpr std::size_t framing_limit = 128UL * 1024;

std::unexpected<TransportError> failed(Kind kind, Phrase detail) {
    return std::unexpected(TransportError(kind, std::move(detail)));
}

std::size_t room_for(const ResponseParser& parser) {
    if (!parser.is_header_done()) return head_room;
    const auto expected = parser.content_length_remaining().value_or(chunk_room);
    return std::clamp<std::uint64_t>(expected, head_room, body_room);
}

}  // namespace

asio::awaitable<std::expected<Answered, TransportError>> Connection::read_response(
    std::uint64_t limit, bool without_body
) {
    for (;;) {
        ResponseParser parser(limit, without_body);
        error_code error;
        while (!parser.is_done()) {
            if (buffer.size() > 0) {
                buffer.consume(parser.put(buffer.data(), error));
                if (error == http::error::body_limit || error == http::error::header_limit) {
                    co_return failed(
                        Kind::too_large,
                        {"the answer is larger than allowed", "a resposta é maior que o permitido"}
                    );
                }
                if (error && error != http::error::need_more) {
                    co_return failed(
                        Kind::lost,
                        phrase(
                            "the answer is not HTTP: {}",
                            "a resposta não é HTTP: {}",
                            words_of(error)
                        )
                    );
                }
                if (parser.is_done()) break;
                if (buffer.size() > framing_limit) {
                    co_return failed(
                        Kind::too_large,
                        {"the framing of the answer has no end", "a moldura da resposta não tem fim"
                        }
                    );
                }
            }
            error = co_await read(room_for(parser));
            if (error == asio::error::eof && parser.got_some()) {
                parser.put_eof(error);
                if (error)
                    co_return failed(
                        Kind::lost,
                        {"the connection closed amid the answer",
                         "a conexão foi fechada no meio da resposta"}
                    );
            } else if (error) {
                co_return failed(
                    Kind::lost, phrase("no answer: {}", "sem resposta: {}", words_of(error))
                );
            }
        }
        if (parser.response().status < 200 && parser.response().status != 101) continue;
        Answered answered;
        answered.keep_alive = parser.keep_alive() && buffer.size() == 0;
        answered.response = std::move(parser.response());
        co_return answered;
    }
}

}  // namespace vitrine::net
