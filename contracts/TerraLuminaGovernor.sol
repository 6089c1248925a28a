// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {ITerraLuminaGovernor} from "./ITerraLuminaGovernor.sol";
import {ITerraLuminaOwnership} from "./ITerraLuminaOwnership.sol";
import {Registers} from "./governor/Registers.sol";

/// @title OpenZeppelin's Governor over the ledger's epochs; decisions run through a timelock, which is the community DAO.
/// @dev Holds nothing and receives nothing: OpenZeppelin refuses deposits when a timelock executes. Here: who may
/// propose, and how a vote is counted.
contract TerraLuminaGovernor is Registers {
    /// @inheritdoc ITerraLuminaGovernor
    mapping(address proposer => uint48) public nextProposalAt;

    /// @param ledger_ Must give this contract its role Governor
    /// @param timelock_ Must let this contract propose and cancel
    /// @param votingDelay_ Seconds from proposal to vote
    /// @param votingPeriod_ Seconds of the vote
    /// @param proposalThreshold_ Units that a proposer must have
    /// @param quorumBps_ Basis points of the units that must vote for or abstain
    /// @param name_ Stands in the EIP-712 domain of votes by signature
    constructor(
        ITerraLuminaOwnership ledger_,
        uint24 projectId_,
        TimelockController timelock_,
        uint48 votingDelay_,
        uint32 votingPeriod_,
        uint256 proposalThreshold_,
        uint16 quorumBps_,
        string memory name_
    )
        Governor(name_)
        GovernorSettings(votingDelay_, votingPeriod_, proposalThreshold_)
        GovernorTimelockControl(timelock_)
        Registers(ledger_, projectId_, quorumBps_)
    {}

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override returns (uint256) {
        uint48 until = nextProposalAt[proposer];
        if (clock() < until) revert ProposerMustWait(proposer, until);
        uint256 snapshot = clock() + votingDelay();
        nextProposalAt[proposer] = uint48(snapshot + votingPeriod());
        _openRegister(snapshot);
        return super._propose(targets, values, calldatas, description, proposer);
    }

    /// @dev Parameters of a vote, when there are any, are the voter's former wallets, abi.encode(address[]) in ascending
    /// order: their units count too. An account that may not vote must not mark itself as having voted either, or who
    /// stole its key could take its successor's vote away.
    function _countVote(uint256 proposalId, address account, uint8 support, uint256 units, bytes memory params)
        internal
        override(Governor, GovernorCountingSimple)
        returns (uint256)
    {
        if (!_mayVote(account)) revert AccountMayNotVote(account);
        if (params.length != 0) units += _unitsOfFormer(abi.decode(params, (address[])), account, proposalId);
        if (units == 0) revert NoUnitsToVote(proposalId, account);
        return super._countVote(proposalId, account, support, units, params);
    }

    function _setProposalThreshold(uint256 units) internal override {
        if (units == 0) revert ZeroProposalThreshold();
        super._setProposalThreshold(units);
    }

    function _unitsOfFormer(address[] memory wallets, address voter, uint256 proposalId)
        private
        view
        returns (uint256 units)
    {
        uint24 epoch = epochOf(proposalId);
        address last = address(0);
        for (uint256 i = 0; i < wallets.length; ++i) {
            address wallet = wallets[i];
            if (wallet <= last) revert NotAFormerWallet(wallet, voter);
            _requireFormer(wallet, voter, proposalId);
            units += ledger.balanceAt(wallet, projectId, epoch);
            last = wallet;
        }
    }

    /// @dev Every wallet on the way to the voter may have voted with these units before it was retired.
    function _requireFormer(address wallet, address voter, uint256 proposalId) private view {
        address step = wallet;
        do {
            if (hasVoted(proposalId, step)) revert GovernorAlreadyCastVote(step);
            step = ledger.successorOf(step);
            if (step == address(0)) revert NotAFormerWallet(wallet, voter);
        } while (step != voter);
    }
}
