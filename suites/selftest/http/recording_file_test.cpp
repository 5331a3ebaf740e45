// A recording as a file that anybody may have written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "recording_fixture.hpp"
#include "recording_json.hpp"
#include "referee/oci/digest.hpp"

namespace referee::http::test {
namespace {

using testing::HasSubstr;

using RecordingFile = RecordingTest;

/// Lines with their seal, as an attacker who knows the format writes them.
std::string sealed(const std::string& lines) {
  return lines + closing_line(static_cast<std::size_t>(std::ranges::count(lines, '\n')), oci::Digest::of(lines).str());
}

TEST_F(RecordingFile, OneByteMakesItUnreadable) {
  auto server = TestServer::answering([](const Received& /*request*/) { return response(200, "a body of its own"); });
  {
    Client client(recording());
    EXPECT_TRUE(client.send(get(server->url())));
  }
  closed();
  const auto whole = text();
  ASSERT_TRUE(Recording::parse(whole));
  for (std::size_t at = 0; at < whole.size(); at += 7) {
    auto changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(Recording::parse(changed)) << at;
  }
  // Sealed anew, a body still has to have its digest.
  auto changed = whole.substr(0, whole.rfind('\n', whole.size() - 2) + 1);
  changed.replace(changed.find("a body"), 6, "A body");
  const auto read = Recording::parse(sealed(changed));
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error(), HasSubstr("its body does not have the digest"));
}

TEST_F(RecordingFile, HostileOnesAreRefused) {
  const std::string head = "{}\n";
  const auto zeros = deflated(std::string(1U << 20U, '\0'));
  const std::string digest = "sha256:" + std::string(64, '0');
  const std::string deep(20000, '[');
  for (const std::string& text :
       {std::string(), std::string("\n"), std::string("{}"), head, sealed(""), sealed(head + deep + "\n"),
        sealed(head + "{\"kind\":\"part\",\"part\":\"x\"}\n"),
        sealed(head + "{\"kind\":\"part\",\"part\":\"x\",\"answers\":3}\n"),
        sealed(head + "{\"kind\":\"answer\",\"part\":\"x\"}\n"), sealed(head + "null\n"),
        sealed(head + "{\"kind\":7}\n"), sealed(head + "not json\n"),
        sealed(head + R"({"kind":"body","digest":")" + digest + R"(","bytes":99999999999,"deflated":"AAAA"})" + "\n"),
        sealed(head + R"({"kind":"body","digest":")" + digest + R"(","bytes":4,"text":"xxxx"})" + "\n")}) {
    const auto read = Recording::parse(text);
    ASSERT_FALSE(read) << text.substr(0, 100);
    EXPECT_EQ(read.error().find('\n'), std::string::npos) << read.error();
  }
  EXPECT_FALSE(inflated(zeros, 10)) << "more bytes than it promises";
  EXPECT_FALSE(inflated(zeros, 2U << 20U)) << "fewer";
  EXPECT_TRUE(inflated(zeros, 1U << 20U));
  EXPECT_FALSE(Recording::read("/nonexistent/recording.jsonl"));
  EXPECT_FALSE(Recording::read(folder_));
}

}  // namespace
}  // namespace referee::http::test
