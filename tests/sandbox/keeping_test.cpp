#include "sandbox/keeping.hpp"

#include <fstream>
#include <sstream>

#include "sandbox/journal_file.hpp"
#include "tests/sandbox/fixture.hpp"

using namespace vitrine;
using namespace vitrine::sandbox;
using namespace vitrine::sandbox::testing;

namespace {

std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

std::ptrdiff_t lines_in(const std::string& path) {
    const auto text = read(path);
    return std::count(text.begin(), text.end(), '\n');
}

void append(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::app) << text;
}

Setting kept_in(const std::string& path) {
    Setting setting;
    setting.state_file = path;
    return setting;
}

}  // namespace

TEST_CASE("what was answered is in the file already") {
    TemporaryFolder folder;
    const auto path = folder.file("state");
    Sandbox sandbox(kept_in(path));
    Seller seller(sandbox, tenant_a);
    const auto id = seller.offer("mug");
    CHECK(read(path).find(id) != std::string::npos);
    seller.post("/offers/" + id + "/publish");
    CHECK(read(path).find(R"("status":"active")") != std::string::npos);
    CHECK(read(path).find(test_key) == std::string::npos);
}

TEST_CASE("state, order lines and tokens outlive a restart; ids go on without repeating") {
    TemporaryFolder folder;
    const auto path = folder.file("state");
    Json before;
    Json urls;
    std::string id;
    Sandbox::Fields headers;
    {
        Sandbox sandbox(kept_in(path));
        Seller seller(sandbox, tenant_a);
        headers = seller.headers;
        id = seller.offer("mug");
        const auto gone = seller.offer("gone");
        const auto product = seller.product();
        seller.post("/offers/" + id + "/products", R"({"productId":")" + product + "\"}");
        urls = seller.post("/offers/" + id + "/generate-url").json;
        seller.call("DELETE", "/offers/" + gone);
        sandbox.control("POST", "orders", "o1,2011-03-20T10:00:00Z,mug,p,1,9,a,b,c,completed\n");
        before = sandbox.state();
    }
    for (int restart = 0; restart < 2; ++restart) {
        Sandbox sandbox(kept_in(path));
        CHECK(sandbox.state() == before);
        const auto get = [&](const std::string& target) {
            return sandbox.send("GET", "/api/v1" + target, "", headers);
        };
        CHECK(get("/offers/slug/mug").json.at("id") == id);
        CHECK(get("/offers/slug/gone").status == 404);
        CHECK(get("/offers/" + id + "/urls").json == Json::array({urls}));
        CHECK(get("/offers/" + id + "/stats").json.at("revenue") == 9);
    }
    Sandbox sandbox(kept_in(path));
    Seller seller(sandbox, tenant_a);
    const auto fresh = seller.offer("new");
    for (const auto& offer : before.at("offers")) CHECK(offer.at("id") != fresh);
    CHECK(sandbox.state().at("offers").size() == before.at("offers").size() + 1);
}

TEST_CASE("a start leaves one line for each object that is left") {
    TemporaryFolder folder;
    const auto path = folder.file("state");
    {
        Sandbox sandbox(kept_in(path));
        Seller seller(sandbox, tenant_a);
        const auto id = seller.offer("mug");
        for (int i = 0; i < 10; ++i) seller.put("/offers/" + id, R"({"description":"x"})");
        CHECK(lines_in(path) == 11);
    }
    {
        Sandbox sandbox(kept_in(path));
    }
    CHECK(lines_in(path) == 2);  // the offer, and how many ids were given
}

TEST_CASE("a torn last line was never answered for and is cut off") {
    TemporaryFolder folder;
    const auto path = folder.file("state");
    {
        Sandbox sandbox(kept_in(path));
        Seller(sandbox, tenant_a).offer("mug");
    }
    const auto whole = read(path);
    append(path, R"({"put":"offers","space":"test:x","id":"y","obj)");
    {
        Sandbox sandbox(kept_in(path));
        CHECK(sandbox.state().at("offers").size() == 1);
        Seller(sandbox, tenant_a).offer("cup");
    }
    Sandbox sandbox(kept_in(path));
    CHECK(sandbox.state().at("offers").size() == 2);
}

TEST_CASE("a torn first line is cut off, a foreign line without its end is left alone") {
    TemporaryFolder folder;
    const auto path = folder.file("state");
    const auto open = [&path] {
        World world(7, SandboxClock(std::nullopt), Zone::find("UTC").value(), false);
        Keeping keeping(world, path, [](const auto&) {});
    };
    for (const auto* torn : {"{", R"({"pu)", R"({"put":"offers","space":"te)", R"({"orders":"a)"}) {
        append(path, torn);
        CHECK_NOTHROW(open());
        CHECK(read(path).empty());
    }
    for (const auto* foreign : {"notes", "{\"name\":\"x\"}", "{\"putty\":1}", " {\"put\":\""}) {
        append(path, foreign);
        CHECK_THROWS_AS(open(), StateDamaged);
        CHECK(read(path) == foreign);
        std::filesystem::resize_file(path, 0);
    }
}

TEST_CASE("a line that cannot be read elsewhere is damage, named, and the file is left alone") {
    TemporaryFolder folder;
    const auto path = folder.file("state");
    {
        Sandbox sandbox(kept_in(path));
        Seller(sandbox, tenant_a).offer("mug");
    }
    for (const auto* bad : {"nonsense\n", "{\"put\":\"ofers\"}\n", "[]\n", "{}\n"}) {
        const auto before = read(path);
        append(path, bad);
        World world(7, SandboxClock(std::nullopt), Zone::find("UTC").value(), false);
        try {
            Keeping keeping(world, path, [](const auto&) {});
            FAIL("opened");
        } catch (const StateDamaged& error) {
            CHECK_THAT(error.what(), Catch::Contains("line 2"));
        }
        CHECK(read(path) == before + bad);
        std::filesystem::resize_file(path, before.size());
    }
}

TEST_CASE("a second program is kept from the file") {
    TemporaryFolder folder;
    const auto path = folder.file("state");
    Sandbox sandbox(kept_in(path));
    CHECK_THROWS_WITH(Sandbox(kept_in(path)), Catch::Contains("in use"));
}

TEST_CASE("the same seed gives the same ids in the same order") {
    const auto ids_of = [](std::uint64_t seed) {
        Setting setting;
        setting.seed = seed;
        Sandbox sandbox(setting);
        Seller seller(sandbox, tenant_a);
        return std::vector{seller.offer("one"), seller.product(), seller.offer("two")};
    };
    CHECK(ids_of(1) == ids_of(1));
    CHECK(ids_of(1) != ids_of(2));
}
