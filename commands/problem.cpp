#include "commands/problem.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "commands/areas.hpp"

namespace vitrine::commands {
namespace {

constexpr ProblemType types[] = {
    {"malformed-request",
     {400},
     {"The request cannot be read", "A requisição não pode ser lida"},
     {"Send one well-formed JSON object in UTF-8, without NUL characters, without repeated "
      "members, and nested at most 64 deep.",
      "Envie um único objeto JSON bem formado em UTF-8, sem caracteres NUL, sem membros repetidos "
      "e com no máximo 64 níveis."}},
    {"webhook-timestamp",
     {400},
     {"The webhook is not from now", "O horário do webhook está fora da tolerância"},
     {"X-Clubify-Timestamp must be within 300 seconds of our time. Check both clocks; an old "
      "delivery must be sent anew.",
      "X-Clubify-Timestamp deve estar a no máximo 300 segundos do nosso horário. Confira os dois "
      "relógios; uma entrega antiga precisa ser enviada de novo."}},
    {"webhook-signature",
     {401},
     {"The webhook is not signed by this tenant's platform",
      "O webhook não foi assinado pela plataforma deste tenant"},
     {"X-Clubify-Signature is the HMAC-SHA256 of the raw body with the tenant's webhook secret, in "
      "hexadecimal. The tenant must be registered with that secret.",
      "X-Clubify-Signature é o HMAC-SHA256 do corpo como recebido, com o segredo de webhook do "
      "tenant, em hexadecimal. O tenant precisa estar registrado com esse segredo."}},
    {"hook-credentials",
     {401},
     {"The hook does not come in by what was given for it",
      "O hook não traz as credenciais configuradas para ele"},
     {"Hooks of Pagar.me come in by HTTP Basic, with the user and password of `vitrine tenant "
      "change --payments-hook`, or with the tenant's payments key and no password where none were "
      "given.",
      "Os hooks da Pagar.me entram por HTTP Basic, com o usuário e a senha de `vitrine tenant "
      "change --payments-hook`, ou com a chave de pagamentos do tenant e sem senha quando não "
      "foram "
      "informados."}},
    {"unauthorized",
     {401},
     {"No valid API key", "Chave de API ausente ou inválida"},
     {"Send 'Authorization: Bearer <api key>' with a key that has not been revoked.",
      "Envie 'Authorization: Bearer <chave>' com uma chave que não tenha sido revogada."}},
    {"forbidden",
     {403},
     {"The key's role does not allow this", "A chave não tem permissão para isto"},
     {"Use a key of the role operator or admin for commands; a reader's key can only ask.",
      "Para comandos use uma chave de operador ou administrador; a de leitor só consulta."}},
    {"not-found",
     {404},
     {"There is no such thing", "Não encontrado"},
     {"Check the id in the path. Ids of other tenants are never found.",
      "Confira o id no caminho. Ids de outros tenants nunca são encontrados."}},
    {"method-not-allowed",
     {405},
     {"The path does not know this method", "Este caminho não aceita este método"},
     {"See the Allow header.", "Veja o cabeçalho Allow."}},
    {"not-acceptable",
     {406},
     {"The answer is not to be had in that form", "A resposta não está disponível nesse formato"},
     {"Leave Accept out, or accept application/json.",
      "Não envie Accept, ou aceite application/json."}},
    {"request-timeout",
     {408},
     {"The request did not arrive in time", "A requisição demorou demais para chegar"},
     {"Send the whole request without long pauses.",
      "Envie a requisição inteira, sem longas pausas."}},
    {"illegal-transition",
     {409},
     {"The status does not allow this", "O status não permite isto"},
     {"Read the offer or product: drafts and paused offers can be activated, active ones paused, "
      "and what is archived is no longer changed. An active offer keeps a product.",
      "Consulte a oferta ou o produto: rascunhos e ofertas pausadas podem ser ativados, ativas "
      "podem "
      "ser pausadas, e o que está arquivado não muda mais. Uma oferta ativa fica com um produto."}},
    {"coupon-unavailable",
     {409},
     {"The coupon cannot be had", "O cupom não está disponível"},
     {"It has ended, or all its uses are held or used; a checkout may go on without it.",
      "Ele terminou, ou todos os seus usos estão reservados ou gastos; o checkout pode seguir sem "
      "ele."}},
    {"slug-taken",
     {409},
     {"The slug belongs to another offer", "O slug pertence a outra oferta"},
     {"Choose another slug, or leave it out to have one made.",
      "Escolha outro slug, ou não envie nenhum para que um seja criado."}},
    {"sku-taken",
     {409},
     {"The SKU belongs to another product", "O SKU pertence a outro produto"},
     {"Choose another SKU, or change that of the other product first: GET /v1/products?sku= finds "
      "it. An archived product keeps its SKU.",
      "Escolha outro SKU, ou mude antes o do outro produto: GET /v1/products?sku= o encontra. Um "
      "produto arquivado fica com o seu SKU."}},
    {"out-of-stock",
     {409},
     {"There is not enough in stock", "Não há estoque suficiente"},
     {"errors says for each item how much is available. What others have reserved comes back when "
      "their reservations expire or are released.",
      "errors diz de cada item quanto está disponível. O que outros reservaram volta quando as "
      "reservas deles expiram ou são liberadas."}},
    {"stock-committed",
     {409},
     {"That many units are reserved or allocated", "Essas unidades estão reservadas ou alocadas"},
     {"What is on hand, with the backorder limit, must cover what is reserved and allocated: "
      "release "
      "reservations first, or leave more on hand.",
      "O que está em estoque, com o limite de encomendas, deve cobrir o que está reservado e "
      "alocado: libere reservas antes, ou deixe mais em estoque."}},
    {"price-changed",
     {409},
     {"The price has changed", "O preço mudou"},
     {"Nothing was charged. Change the checkout, with an empty body, to have it quoted anew.",
      "Nada foi cobrado. Altere o checkout, com um corpo vazio, para que seja cotado de novo."}},
    {"payment-declined",
     {402},
     {"The payment was declined", "O pagamento foi recusado"},
     {"code says why; where retryable is true the same card may be tried again, else another way "
      "of paying.",
      "code diz por quê; com retryable true o mesmo cartão pode ser tentado de novo, senão outra "
      "forma de pagamento."}},
    {"payments-unavailable",
     {503},
     {"Payments are not available", "Pagamentos indisponíveis"},
     {"Nothing was charged; pay again later.", "Nada foi cobrado; pague mais tarde."}},
    {"checkout-failed",
     {409},
     {"The checkout has failed", "O checkout falhou"},
     {"What was done for it is undone, and what was charged goes back.",
      "O que foi feito para ele é desfeito, e o que foi cobrado é devolvido."}},
    {"checkout-expired",
     {410},
     {"The checkout has expired", "O checkout expirou"},
     {"Open another one.", "Abra outro."}},
    {"method-not-available",
     {422},
     {"This cannot be paid in that way", "Isto não pode ser pago dessa forma"},
     {"Pix and boleto are of BRL alone; cards of BRL, USD and EUR.",
      "Pix e boleto são só de BRL; cartões, de BRL, USD e EUR."}},
    {"card-data-not-accepted",
     {422},
     {"Card data is not accepted", "Dados de cartão não são aceitos"},
     {"The body has the number of a card. Send a token of it; nothing of the request was kept.",
      "O corpo tem o número de um cartão. Envie um token dele; nada da requisição foi guardado."}},
    {"reservation-expired",
     {410},
     {"The reservation has expired", "A reserva expirou"},
     {"Not all of what it held is available any more; errors says what is missing. Reserve again "
      "with the same reference when there is enough.",
      "Nem tudo o que ela guardava ainda está disponível; errors diz o que falta. Reserve de novo "
      "com a mesma referência quando houver o bastante."}},
    {"product-in-use",
     {409},
     {"Active offers have the product", "Ofertas ativas têm o produto"},
     {"Pause the offers that are named, or take the product out of them, then archive it.",
      "Pause as ofertas indicadas, ou retire delas o produto, e então arquive-o."}},
    {"product-already-in-offer",
     {409},
     {"The product is in the offer already", "O produto já está na oferta"},
     {"Change the product in the offer instead of adding it again.",
      "Altere o produto na oferta em vez de adicioná-lo outra vez."}},
    {"command-in-flight",
     {409},
     {"Another command is at work here", "Há outro comando em andamento"},
     {"Wait for as long as Retry-After says, then send the request again.",
      "Espere o tempo indicado em Retry-After e envie a requisição de novo."}},
    {"missing-on-clubify",
     {409},
     {"Clubify no longer has it", "Isto não existe mais na Clubify"},
     {"It was deleted on the platform. Create it anew.",
      "Foi apagado na plataforma. Crie outra vez."}},
    {"version-given-up",
     {410},
     {"That version was given up", "Essa versão foi abandonada"},
     {"Its event could not be read, and an operator has dismissed it: it will not be there. Ask "
      "for another version; GET /v1/offers/{id}/events has the event as it is in the log.",
      "O evento dela não pôde ser lido e quem opera o dispensou: ela não vai aparecer. Peça outra "
      "versão; GET /v1/offers/{id}/events traz o evento como está no registro."}},
    {"length-required",
     {411},
     {"The request does not say how long its body is", "A requisição não diz o tamanho do corpo"},
     {"Send the body with Content-Length, or chunked.",
      "Envie o corpo com Content-Length, ou em partes (chunked)."}},
    {"expectation-failed",
     {417},
     {"The expectation cannot be met", "A expectativa não pode ser atendida"},
     {"Leave Expect out, or send 'Expect: 100-continue'.",
      "Não envie Expect, ou envie 'Expect: 100-continue'."}},
    {"version-mismatch",
     {412},
     {"The expected version is not the present one", "A versão esperada não é a atual"},
     {"Read the present state, decide again, and send its ETag as If-Match.",
      "Leia o estado atual, decida de novo e envie o ETag dele em If-Match."}},
    {"body-too-large",
     {413},
     {"The body is too large", "O corpo é grande demais"},
     {"Send less in one request: at most 1 MiB, unless the operator has set another limit.",
      "Envie menos em uma requisição: no máximo 1 MiB, se quem opera não definiu outro limite."}},
    {"unsupported-media-type",
     {415},
     {"The body is not JSON", "O corpo não é JSON"},
     {"Send 'Content-Type: application/json'.", "Envie 'Content-Type: application/json'."}},
    {"unsupported-content-encoding",
     {415},
     {"The body is compressed", "O corpo está comprimido"},
     {"Send the body as it is, without Content-Encoding.",
      "Envie o corpo como ele é, sem Content-Encoding."}},
    {"validation-failed",
     {422},
     {"The request breaks a rule", "A requisição viola uma regra"},
     {"Mend all that 'errors' points to, and send it again: what is refused changes nothing.",
      "Corrija tudo o que 'errors' aponta e envie de novo: o que é recusado não muda nada."}},
    {"clubify-refused",
     {422},
     {"Clubify refused it", "A Clubify recusou o pedido"},
     {"The detail holds the platform's own words.",
      "O detalhe traz as palavras da própria plataforma."}},
    {"payments-refused",
     {422},
     {"The provider of payments refused it", "O provedor de pagamentos recusou o pedido"},
     {"The detail holds the provider's own words.",
      "O detalhe traz as palavras do próprio provedor."}},
    {"idempotency-key-reused",
     {422},
     {"The Idempotency-Key was used for another request",
      "A Idempotency-Key já foi usada em outra requisição"},
     {"Use a new key for a new request; the same key needs the same method, path and body.",
      "Use uma chave nova para cada requisição nova; a mesma chave exige o mesmo método, caminho e "
      "corpo."}},
    {"rate-limited",
     {429},
     {"Too many requests with this key", "Muitas requisições com esta chave"},
     {"Wait for as long as Retry-After says. RateLimit-Remaining tells how many are left in the "
      "window.",
      "Espere o tempo indicado em Retry-After. RateLimit-Remaining mostra quantas ainda cabem na "
      "janela."}},
    {"header-too-large",
     {431},
     {"The header is too large", "O cabeçalho é grande demais"},
     {"Send fewer or shorter header fields.", "Envie menos campos, ou campos mais curtos."}},
    {"internal-error",
     {500},
     {"Something went wrong here", "Algo deu errado aqui"},
     {"The log has more under the correlation id.",
      "O log tem mais detalhes sob o id de correlação."}},
    {"not-implemented",
     {501},
     {"The server does not know this method", "O servidor não conhece este método"},
     {"Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, in capitals.",
      "Use GET, HEAD, POST, PUT, PATCH, DELETE ou OPTIONS, em maiúsculas."}},
    {"stream-unreadable",
     {500},
     {"An event of the stream cannot be read", "Um evento do fluxo não pode ser lido"},
     {"Nothing was done; other streams are not concerned. Tell the operator the position: the "
      "server's log has the reason, and vitrine verify tells whether the event was altered.",
      "Nada foi feito, e outros fluxos não são atingidos. Informe a posição a quem opera: o log do "
      "servidor traz o motivo, e vitrine verify mostra se o evento foi alterado."}},
    {"clubify-credentials",
     {502},
     {"Clubify does not accept the tenant's credentials",
      "A Clubify não aceita as credenciais do tenant"},
     {"Have the operator register the tenant's Clubify API key anew.",
      "Peça a quem opera o serviço que registre de novo a chave de API da Clubify."}},
    {"payments-credentials",
     {502},
     {"The provider of payments does not accept the tenant's key",
      "O provedor de pagamentos não aceita a chave do tenant"},
     {"Have the operator give the tenant's payments key anew: vitrine tenant change "
      "--payments-key.",
      "Peça a quem opera o serviço que informe de novo a chave de pagamentos do tenant: vitrine "
      "tenant change --payments-key."}},
    {"clubify-unavailable",
     {502, 503, 504},
     {"Clubify could not be reached or could not answer", "Não foi possível falar com a Clubify"},
     {"Send the same request again, a command with the same Idempotency-Key: it has changed "
      "nothing.",
      "Envie a mesma requisição de novo, um comando com a mesma Idempotency-Key: nada foi mudado."}
    },
    {"outcome-unknown",
     {504},
     {"Nobody could tell what became of it", "Ninguém soube dizer o que aconteceu"},
     {"It may have happened. It was asked about as often as its schedule says; somebody has to "
      "look "
      "at the other side and decide.",
      "Pode ter acontecido. Foi consultado tantas vezes quanto previsto; alguém precisa olhar o "
      "outro lado e decidir."}},
    {"wanted-no-more",
     {409},
     {"It is wanted no more", "Não é mais desejado"},
     {"What a process was to do was cancelled before it had happened. Nothing has happened.",
      "O que um processo faria foi cancelado antes de acontecer. Nada aconteceu."}},
    {"overloaded",
     {503},
     {"Too much at once", "Há requisições demais no momento"},
     {"Wait for as long as Retry-After says, then send the request again.",
      "Espere o tempo indicado em Retry-After e envie a requisição de novo."}},
    {"not-ready",
     {503},
     {"The answer is not ready yet", "A resposta ainda não está pronta"},
     {"Wait for as long as Retry-After says, then ask again.",
      "Espere o tempo indicado em Retry-After e tente de novo."}},
    {"shutting-down",
     {503},
     {"The server is shutting down", "O servidor está sendo desligado"},
     {"Send the request again when it is back.", "Envie a requisição de novo quando ele voltar."}},
    {"storage-unavailable",
     {503},
     {"The store cannot be written now", "O armazenamento não aceita escrita agora"},
     {"Nothing was stored. Send the request again later; the operator should look at the disk.",
      "Nada foi gravado. Envie a requisição de novo mais tarde; quem opera deve examinar o disco."}
    },
    {"disk-full",
     {507},
     {"The disk is full", "O disco está cheio"},
     {"The operator must free disk space. Reads go on.",
      "Quem opera precisa liberar espaço em disco. As consultas continuam."}},
};

/// A type is there in every language, or the program is not built.
static_assert(std::ranges::all_of(types, [](const ProblemType& type) {
    return !type.title.english.empty() && !type.title.portuguese.empty() &&
           !type.help.english.empty() && !type.help.portuguese.empty();
}));

/// What a stored problem has beside the English document, for the other language.
constexpr const char* other_words = "pt-BR";

/// One language or, without it, all of them.
Json document(const Problem& problem, std::optional<Language> language) {
    const auto& kind = problem_type(problem.type);
    const auto told = language.value_or(Language::english);
    const auto detail = problem.detail.empty() ? Phrase(kind.help) : problem.detail;
    Json json;
    json["type"] = "/problems/" + std::string(kind.name);
    json["title"] = kind.title.in(told);
    json["status"] = problem.http_status();
    json["detail"] = detail.in(told);
    if (!problem.instance.empty()) json["instance"] = problem.instance;
    if (problem.current_version) json["current_version"] = *problem.current_version;
    Json other_details = Json::array();
    if (!problem.faults.empty()) {
        auto& errors = json["errors"] = Json::array();
        for (const auto& fault : problem.faults) {
            Json error;
            error["pointer"] = fault.pointer;
            error["code"] = fault.code;
            error["detail"] = fault.detail.in(told);
            errors.push_back(std::move(error));
            other_details.push_back(fault.detail.in(Language::portuguese));
        }
    }
    if (!language) {
        auto& other = json[other_words];
        other["detail"] = detail.in(Language::portuguese);
        if (!other_details.empty()) other["errors"] = std::move(other_details);
    }
    return json;
}

std::string text_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_problem(const Json& json) {
    return json.is_object() && json.contains("title") && json.contains("type") &&
           json["type"].is_string() &&
           json["type"].get_ref<const std::string&>().starts_with("/problems/");
}

}  // namespace

bool ProblemType::comes_with(int wanted) const {
    return wanted != 0 && std::ranges::find(statuses, wanted) != statuses.end();
}

std::span<const ProblemType> problem_types() {
    static const auto all = [] {
        std::vector<ProblemType> every(std::begin(types), std::end(types));
        for (const auto& definition : definitions()) {
            if (definition.claims == nullptr || definition.claims->type == nullptr) continue;
            const auto& own = *definition.claims->type;
            if (std::ranges::find(every, own.name, &ProblemType::name) == every.end())
                every.push_back(own);
        }
        return every;
    }();
    return all;
}

const ProblemType& problem_type(std::string_view name) {
    const auto all = problem_types();
    const auto found = std::ranges::find(all, name, &ProblemType::name);
    if (found == all.end()) throw std::logic_error("no problem type " + std::string(name));
    return *found;
}

std::string_view problem_name_in(std::string_view document) {
    constexpr std::string_view before = R"("type":"/problems/)";
    const auto at = document.find(before);
    if (at == std::string_view::npos) return {};
    const auto name = document.substr(at + before.size());
    return name.substr(0, name.find('"'));
}

int Problem::http_status() const {
    const auto& kind = problem_type(type);
    if (!status) return kind.status();
    if (!kind.comes_with(*status))
        throw std::logic_error(std::string(type) + " never comes with " + std::to_string(*status));
    return *status;
}

std::string Problem::to_json(Language language) const {
    return text_of(document(*this, language));
}

Json Problem::to_stored() const {
    // Through its text, which has no byte that is not UTF-8.
    return Json::parse(text_of(document(*this, std::nullopt)));
}

void say_in(Language language, Json& stored) {
    if (!is_problem(stored)) return;
    const auto found = stored.find(other_words);
    const auto other = found == stored.end() ? Json() : Json(*found);
    if (found != stored.end()) stored.erase(found);
    if (language == Language::english) return;
    const auto name = stored["type"].get<std::string>().substr(std::size("/problems/") - 1);
    const auto all = problem_types();
    const auto type = std::ranges::find(all, name, &ProblemType::name);
    if (type != all.end()) stored["title"] = type->title.in(language);
    if (!other.is_object()) return;
    stored["detail"] = other.at("detail");
    if (!other.contains("errors")) return;
    for (std::size_t i = 0; i < other["errors"].size(); ++i)
        stored.at("errors").at(i)["detail"] = other["errors"][i];
}

namespace {

/// Most texts tell of no problem: they are not taken apart.
bool tells_problem(std::string_view text) {
    return text.contains("\"/problems/");
}

void say_body_in(Language language, Json& body) {
    say_in(language, body);
    if (body.contains("activation") && body["activation"].contains("problem"))
        say_in(language, body["activation"]["problem"]);
}

void say_state_in(Language language, Json& state) {
    if (state.contains("answer") && state["answer"].contains("body"))
        say_body_in(language, state["answer"]["body"]);
}

}  // namespace

std::string body_in(Language language, std::string stored) {
    if (!tells_problem(stored)) return stored;
    auto json = Json::parse(stored);
    say_body_in(language, json);
    return text_of(json);
}

std::string states_in(Language language, std::string text) {
    if (!tells_problem(text)) return text;
    auto json = Json::parse(text);
    say_state_in(language, json);
    if (json.contains("items")) {
        for (auto& state : json["items"]) say_state_in(language, state);
    }
    return text_of(json);
}

}  // namespace vitrine::commands
