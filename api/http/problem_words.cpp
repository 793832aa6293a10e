#include "api/http/problem_words.hpp"

#include <algorithm>
#include <charconv>

namespace vitrine::api {
namespace {

constexpr ProblemWords portuguese[] = {
    {"malformed-request",
     "A requisição não pode ser lida",
     "Envie um único objeto JSON bem formado em UTF-8, sem caracteres NUL, sem membros repetidos e "
     "com no máximo 64 níveis."},
    {"webhook-timestamp",
     "O webhook não é de agora",
     "X-Clubify-Timestamp deve estar a no máximo 300 segundos do nosso horário. Confira os dois "
     "relógios; uma entrega antiga precisa ser enviada de novo."},
    {"webhook-signature",
     "O webhook não foi assinado pela plataforma deste tenant",
     "X-Clubify-Signature é o HMAC-SHA256 do corpo como recebido, com o segredo de webhook do "
     "tenant, em hexadecimal. O tenant precisa estar registrado com esse segredo."},
    {"unauthorized",
     "Sem chave de API válida",
     "Envie 'Authorization: Bearer <chave>' com uma chave que não tenha sido revogada."},
    {"forbidden",
     "O papel da chave não permite isto",
     "Para comandos use uma chave de operador ou administrador; a de leitor só consulta."},
    {"not-found",
     "Isto não existe",
     "Confira o id no caminho. Ids de outros tenants nunca são encontrados."},
    {"method-not-allowed", "O caminho não conhece este método", "Veja o cabeçalho Allow."},
    {"not-acceptable",
     "A resposta não existe nesse formato",
     "Não envie Accept, ou aceite application/json."},
    {"request-timeout",
     "A requisição não chegou a tempo",
     "Envie a requisição inteira, sem longas pausas."},
    {"illegal-transition",
     "O status da oferta não permite isto",
     "Consulte a oferta: rascunhos e pausadas podem ser ativadas, ativas podem ser pausadas, e as "
     "arquivadas não mudam mais."},
    {"slug-taken",
     "O slug pertence a outra oferta",
     "Escolha outro slug, ou não envie nenhum para que um seja criado."},
    {"product-already-in-offer",
     "O produto já está na oferta",
     "Altere o produto na oferta em vez de adicioná-lo outra vez."},
    {"command-in-flight",
     "Outro comando está em andamento aqui",
     "Espere o tempo indicado em Retry-After e envie a requisição de novo."},
    {"missing-on-clubify", "Não existe mais na Clubify", "Foi apagado na plataforma. Crie de novo."
    },
    {"version-given-up",
     "Essa versão foi abandonada",
     "O evento dela não pôde ser lido e quem opera o dispensou: ela não vai aparecer. Peça outra "
     "versão; GET /v1/offers/{id}/events traz o evento como está no registro."},
    {"length-required",
     "A requisição não diz o tamanho do corpo",
     "Envie o corpo com Content-Length, ou em partes (chunked)."},
    {"version-mismatch",
     "A versão esperada não é a atual",
     "Leia o estado atual, decida de novo e envie o ETag dele em If-Match."},
    {"body-too-large",
     "O corpo é grande demais",
     "Envie menos em uma requisição: no máximo 1 MiB, se quem opera não definiu outro limite."},
    {"unsupported-media-type", "O corpo não é JSON", "Envie 'Content-Type: application/json'."},
    {"validation-failed",
     "A requisição viola uma regra",
     "Corrija cada membro apontado em 'errors'; nada foi gravado."},
    {"clubify-refused", "A Clubify recusou", "O detalhe traz as palavras da própria plataforma."},
    {"idempotency-key-reused",
     "A Idempotency-Key já foi usada em outra requisição",
     "Use uma chave nova para cada requisição nova; a mesma chave exige o mesmo método, caminho e "
     "corpo."},
    {"rate-limited",
     "Requisições demais com esta chave",
     "Espere o tempo indicado em Retry-After. RateLimit-Remaining mostra quantas ainda cabem na "
     "janela."},
    {"header-too-large", "O cabeçalho é grande demais", "Envie menos campos, ou campos mais curtos."
    },
    {"internal-error", "Algo deu errado aqui", "O log tem mais detalhes sob o id de correlação."},
    {"stream-unreadable",
     "Um evento do fluxo não pode ser lido",
     "Nada foi feito, e outros fluxos não são atingidos. Informe a posição a quem opera: o log do "
     "servidor traz o motivo, e vitrine verify mostra se o evento foi alterado."},
    {"clubify-credentials",
     "A Clubify não aceita as credenciais do tenant",
     "Peça a quem opera o serviço que registre de novo a chave de API da Clubify."},
    {"clubify-unavailable",
     "A Clubify não foi alcançada ou não respondeu",
     "Nada foi feito. Envie a mesma requisição de novo, com a mesma Idempotency-Key."},
    {"overloaded",
     "Demais ao mesmo tempo",
     "Espere o tempo indicado em Retry-After e envie a requisição de novo."},
    {"not-ready",
     "A resposta ainda não está pronta",
     "Espere o tempo indicado em Retry-After e pergunte de novo."},
    {"shutting-down",
     "O servidor está sendo desligado",
     "Envie a requisição de novo quando ele voltar."},
    {"storage-unavailable",
     "O armazenamento não aceita escrita agora",
     "Nada foi gravado. Envie a requisição de novo mais tarde; quem opera deve examinar o disco."},
    {"disk-full",
     "O disco está cheio",
     "Quem opera precisa liberar espaço em disco. As consultas continuam."},
};

/// "pt-BR;q=0.8" -> 0.8 if it is of that language, else 0.
double liking(std::string_view item, std::string_view language) {
    const auto begin = item.find_first_not_of(" \t");
    if (begin == std::string_view::npos || !item.substr(begin).starts_with(language)) return 0;
    const auto quality = item.find("q=");
    if (quality == std::string_view::npos) return 1;
    double value = 0;
    std::from_chars(item.data() + quality + 2, item.data() + item.size(), value);
    return value;
}

}  // namespace

std::optional<ProblemWords> problem_in_portuguese(std::string_view name) {
    const auto* found = std::ranges::find(portuguese, name, &ProblemWords::name);
    return found == std::end(portuguese) ? std::nullopt : std::optional(*found);
}

Language preferred_language(std::optional<std::string_view> accept_language) {
    double english = 0, portuguese_liking = 0;
    auto rest = accept_language.value_or("");
    while (!rest.empty()) {
        const auto comma = std::min(rest.find(','), rest.size());
        const auto item = rest.substr(0, comma);
        english = std::max(english, liking(item, "en"));
        portuguese_liking = std::max(portuguese_liking, liking(item, "pt"));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return portuguese_liking > english ? Language::portuguese : Language::english;
}

}  // namespace vitrine::api
