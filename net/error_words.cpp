#include "net/error_words.hpp"

#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

namespace vitrine::net {
namespace {

namespace failures = boost::asio::error;

struct Words {
    boost::system::error_code error;
    std::string_view portuguese;
};

std::string in_portuguese(const boost::system::error_code& error) {
    static const std::array known{
        Words{failures::connection_refused, "conexão recusada"},
        Words{failures::connection_reset, "conexão interrompida pelo outro lado"},
        Words{failures::connection_aborted, "conexão abortada"},
        Words{failures::broken_pipe, "conexão fechada pelo outro lado"},
        Words{failures::eof, "fim da conexão"},
        Words{failures::timed_out, "tempo esgotado"},
        Words{failures::host_unreachable, "não há caminho até o host"},
        Words{failures::network_unreachable, "rede inacessível"},
        Words{failures::network_down, "a rede está fora do ar"},
        Words{failures::host_not_found, "host não encontrado (com autoridade)"},
        Words{
            failures::host_not_found_try_again,
            "host não encontrado (sem autoridade), tente mais tarde"
        },
        Words{failures::no_data, "o nome existe, mas sem endereço"},
        Words{failures::no_recovery, "a consulta de nomes falhou"},
        Words{failures::operation_aborted, "operação cancelada"},
        Words{failures::access_denied, "permissão negada"},
        Words{failures::no_descriptors, "arquivos abertos demais"},
        Words{failures::no_memory, "memória insuficiente"},
        Words{boost::asio::ssl::error::stream_truncated, "conexão fechada sem o fim do TLS"},
    };
    for (const auto& each : known) {
        if (each.error == error) return std::string(each.portuguese);
    }
    return error.message();
}

}  // namespace

Phrase words_of(const boost::system::error_code& error) {
    return {error.message(), in_portuguese(error)};
}

}  // namespace vitrine::net
