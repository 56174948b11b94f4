"""A function that an agent of Amazon Bedrock calls.

## What it does
Reports functions that are a tool of an agent: of an action group, of a gateway of AgentCore, or by a permission for Bedrock.
For pedantic readers where the function's role may change something, else for auditors.

## Why is this bad?
A model chooses when the function is called, and with what. It can be talked into it, by who talks to the agent and by any
text that the agent reads: a mail, a page, a ticket. What the function may do, all of them may do.

Look at these: the handler checks every parameter as one of a stranger. Who the user is comes from the session's attributes,
never from a parameter that the model fills. The role allows what any user of the agent may do, and no more. Before something
is changed, a person is asked. What it returns holds nothing that the user may not see, for the model repeats it.

## When it is fine
Where you have looked at that; say so in an ignore. An agent may also hand its calls back to your application
(`RETURN_CONTROL`), which then knows who asked.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Refund:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  Helper:
    Type: AWS::Bedrock::Agent
    Properties:
      AgentName: helper
      ActionGroups:
        - ActionGroupName: orders
          ActionGroupExecutor: {Lambda: !GetAtt Refund.Arn}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Refund:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  Helper:
    Type: AWS::Bedrock::Agent
    Properties:
      AgentName: helper
      ActionGroups:
        - ActionGroupName: orders
          ActionGroupExecutor: {CustomControl: RETURN_CONTROL}
```
```hcl bad
resource "aws_lambda_function" "refund" {
  function_name = "refund"
  role          = "arn:aws:iam::111122223333:role/refund"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_bedrockagent_agent_action_group" "orders" {
  action_group_name = "orders"
  agent_id          = "A1"
  agent_version     = "DRAFT"
  action_group_executor {
    lambda = aws_lambda_function.refund.arn
  }
}
```
```hcl good
resource "aws_lambda_function" "refund" {
  function_name = "refund"
  role          = "arn:aws:iam::111122223333:role/refund"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "app.zip"
}

resource "aws_bedrockagent_agent_action_group" "orders" {
  action_group_name = "orders"
  agent_id          = "A1"
  agent_version     = "DRAFT"
  action_group_executor {
    custom_control = "RETURN_CONTROL"
  }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  refund: {handler: app.handler}
resources:
  Resources:
    FromAgent:
      Type: AWS::Lambda::Permission
      Properties:
        FunctionName: !Ref RefundLambdaFunction
        Action: lambda:InvokeFunction
        Principal: bedrock.amazonaws.com
        SourceArn: arn:aws:bedrock:eu-west-1:111122223333:agent/A1
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  refund: {handler: app.handler}
```

## Fix safety
Advice only: what to check is in the handler and in what its role allows.

## References
- [Lambda functions of action groups](https://docs.aws.amazon.com/bedrock/latest/userguide/agents-lambda.html)
- [Ask a user before an action](https://docs.aws.amazon.com/bedrock/latest/userguide/agents-userconfirmation.html)
- [OWASP LLM01:2025: prompt injection](https://genai.owasp.org/llmrisk/llm01-prompt-injection/)
- [OWASP LLM06:2025: excessive agency](https://genai.owasp.org/llmrisk/llm062025-excessive-agency/)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.allows import may_change
from stockade.model.app import App, Function, Invoker
from stockade.model.intent import Fix
from stockade.model.value import YES, any_of, given
from stockade.rules._base import INFO, Context, Label, Outcome, found, rule

# It prepares documents for a knowledge base: no model chooses what it gets.
_NO_TOOL = "aws_bedrockagent_data_source"


@rule(
    "SK176",
    "function-called-by-agent",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["INVK-9", "ROLE-14"],
    maps={"cwe": [1426]},
    aliases=["CTL.LAMBDA.MARKER.BEDROCK.TOOL.001"],
    applies="no agent calls it that can be seen",
    holds="no agent calls it",
    asks=["caller", "permission"],
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look for agents among the invokers of every function."""
    del ctx
    for function in app.functions:
        agents = [invoker for invoker in function.invokers if _is_agent(invoker)]
        if agents:
            yield from _tell(function, agents)


def _tell(function: Function, agents: list[Invoker]) -> Iterator[Outcome]:
    changed = may_change(function)
    yield from found(
        any_of(given(agent.exists, YES) for agent in agents),
        subject=function,
        at=agents[0].origin,
        message=f"an agent of Bedrock calls `{function}`, so that a model chooses what it is given",
        help="check parameters as a stranger's, take the user from the session, and ask a person before something is changed",
        fix=Fix.advice("check what whoever talks the model into it could do"),
        related=(Label(changed, "lets it change something"),) if changed is not None else (),
        persona="pedantic" if changed is not None else "auditor",
    )


def _is_agent(invoker: Invoker) -> bool:
    return invoker.via == "bedrock" and (invoker.source is None or invoker.source.type != _NO_TOOL)
