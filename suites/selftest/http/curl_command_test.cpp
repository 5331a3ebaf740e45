#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "referee/http/exchange.hpp"

namespace referee::http {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The words that a shell makes of a command line.
std::string words(const std::string& command) {
  const std::string script = "curl() { for word; do printf '<%s>' \"$word\"; done; }\n" + command;
  std::string quoted = "'";
  for (const char c : script) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  // NOLINTNEXTLINE(cert-env33-c): the command line is what is tested
  FILE* pipe = popen(("REFEREE_USER=me REFEREE_PASSWORD=pw sh -c " + quoted + "'").c_str(), "r");
  std::string text;
  std::array<char, 512> buffer{};
  while (const auto count = fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), count);
  pclose(pipe);
  return text;
}

TEST(CurlCommand, AWordIsQuotedOnlyWhereItHasToBe) {
  EXPECT_EQ(shell_word("linux/amd64"), "linux/amd64");
  EXPECT_EQ(shell_word("toy|man"), "'toy|man'");
  EXPECT_EQ(shell_word("it's\nme"), "'it'\\''sme'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(CurlCommand, RepeatsTheRequestThroughAShell) {
  Exchange exchange;
  exchange.method = "PUT";
  exchange.url = "http://127.0.0.1:5000/v2/a/manifests/x?b=$HOME&c=`id`";
  exchange.request_headers = {{"Host", "127.0.0.1:5000"}, {"Authorization", "Basic [redacted]"},
                              {"User-Agent", "referee"},  {"Accept", "*/*"},
                              {"X", "it's \"$HOME\""},    {"Empty", ""},
                              {"Content-Type", "a/b"},    {"Content-Length", "14"}};
  exchange.request_body = "@it's $(id)\n\\!";
  exchange.request_size = exchange.request_body.size();
  EXPECT_EQ(words(curl_command(exchange)),
            "<-i><--path-as-is><-X><PUT><-u><me:pw><-H><X: it's \"$HOME\"><-H><Empty;><-H><Content-Type: a/b>"
            "<--data-raw><@it's $(id)\n\\!><http://127.0.0.1:5000/v2/a/manifests/x?b=$HOME&c=`id`>");
}

TEST(CurlCommand, HeadIsNotAMethodWord) {
  Exchange exchange;
  exchange.method = "HEAD";
  exchange.url = "http://h/";
  EXPECT_EQ(curl_command(exchange), "curl -i --path-as-is --head 'http://h/'");
}

TEST(CurlCommand, KeepsALieAboutTheLength) {
  Exchange exchange;
  exchange.method = "PUT";
  exchange.url = "http://h/";
  exchange.request_headers = {{"Content-Length", "99"}};
  exchange.request_body = "abc";
  exchange.request_size = 3;
  EXPECT_THAT(curl_command(exchange), HasSubstr("'Content-Length: 99'"));
}

TEST(CurlCommand, DoesNotPretendToHaveACutBody) {
  Exchange exchange;
  exchange.method = "PUT";
  exchange.url = "http://h/";
  exchange.request_headers = {{"Content-Length", "5000"}, {"Authorization", "Bearer [redacted]"}};
  exchange.request_body = "abc";
  exchange.request_size = 5000;
  EXPECT_THAT(curl_command(exchange), HasSubstr("@BODY-OF-5000-BYTES"));
  EXPECT_THAT(curl_command(exchange), HasSubstr("$REFEREE_TOKEN"));
  EXPECT_THAT(curl_command(exchange), Not(HasSubstr("abc")));
}

TEST(CurlCommand, HasAllOfABodyThatWasSentInPart) {
  Exchange exchange;
  exchange.method = "PUT";
  exchange.url = "http://h/";
  exchange.request_headers = {{"Content-Length", "3"}};
  exchange.request_body = "abc";
  exchange.request_size = 3;
  exchange.request_bytes = 1;
  EXPECT_THAT(curl_command(exchange), HasSubstr(" --data-raw 'abc' "));
  exchange.request_headers = {{"Content-Length", "5000"}};
  exchange.request_size = 5000;
  EXPECT_THAT(curl_command(exchange), HasSubstr("@BODY-OF-5000-BYTES"));
  EXPECT_THAT(curl_command(exchange), Not(HasSubstr("Content-Length")));
}

}  // namespace
}  // namespace referee::http
