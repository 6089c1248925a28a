// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaSale} from "../../ITerraLuminaSale.sol";
import {ISaleTypes} from "../../sale/ISaleTypes.sol";
import {Vm, vm} from "../Vm.sol";
import {ToldPeople, addressIn} from "./ToldPeople.sol";

/// @dev Sales and commitments, as the sale's events and the ledger's accounts alone tell them.
abstract contract ToldSales is ToldPeople {
    uint40 private constant CANCEL_BEFORE_CLOSE = 48 hours;

    mapping(address buyer => address) public refundAddressOf;
    mapping(uint256 projectId => mapping(uint64 investorId => uint256 units)) private _unitsOf;
    mapping(uint256 projectId => ISaleTypes.Sale) private _sales;
    mapping(uint256 projectId => uint40) private _lastCommittedAt;
    mapping(bytes32 investmentId => ISaleTypes.Commitment) private _commitments;
    /// @dev Who the buyer was when committing: a wallet's investor never changes.
    mapping(bytes32 investmentId => uint64) private _investors;

    function saleOf(uint256 projectId) external view returns (ISaleTypes.Sale memory shown) {
        shown = _sales[projectId];
        uint40 decided = _lastCommittedAt[projectId] + shown.terms.coolingOffSeconds;
        shown.finalizableAt = decided > shown.closesAt ? decided : shown.closesAt;
    }

    function commitmentOf(bytes32 investmentId) external view returns (ISaleTypes.Commitment memory shown) {
        shown = _commitments[investmentId];
        ISaleTypes.Sale storage its = _sales[shown.projectId];
        uint40 cooled = shown.committedAt + its.terms.coolingOffSeconds;
        uint40 closing = its.closesAt - CANCEL_BEFORE_CLOSE;
        shown.cancellableUntil = cooled > closing ? cooled : closing;
    }

    function committedUnitsOf(uint256 projectId, address account) external view returns (uint256) {
        return _unitsOf[projectId][accountOf(account).investorId];
    }

    function readSale(Vm.Log memory line) internal {
        bytes32 kind = line.topics[0];
        if (kind == ITerraLuminaSale.RefundAddressSet.selector) {
            refundAddressOf[addressIn(line.topics[1])] = abi.decode(line.data, (address));
        } else if (kind == ITerraLuminaSale.Committed.selector) {
            _commit(line);
        } else if (kind == ITerraLuminaSale.CommitmentCancelled.selector) {
            _end(line.topics[1], ISaleTypes.CommitmentState.Cancelled);
        } else if (kind == ITerraLuminaSale.CommitmentRefunded.selector) {
            _end(line.topics[1], ISaleTypes.CommitmentState.Refunded);
        } else if (kind == ITerraLuminaSale.CommitmentSettled.selector) {
            _settle(line.topics[1]);
        } else if (line.topics.length > 1) {
            _readOutcome(_sales[uint256(line.topics[1])], kind, line.data);
        }
    }

    function _readOutcome(ISaleTypes.Sale storage its, bytes32 kind, bytes memory data) private {
        if (kind == ITerraLuminaSale.SaleOpened.selector) {
            (its.terms, its.treasury) = abi.decode(data, (ISaleTypes.SaleTerms, address));
            (its.state, its.closesAt) = (ISaleTypes.SaleState.Open, its.terms.closesAt);
        } else if (
            kind == ITerraLuminaSale.EarlyCloseAnnounced.selector || kind == ITerraLuminaSale.EarlyCloseLapsed.selector
        ) {
            its.closesAt = uint40(abi.decode(data, (uint256)));
        } else if (kind == ITerraLuminaSale.SaleFinalized.selector) {
            (bool success, uint256 units, uint256 amount) = abi.decode(data, (bool, uint256, uint256));
            require(units == its.openUnits && amount == its.escrow, "told another sum");
            its.state = success ? ISaleTypes.SaleState.Succeeded : ISaleTypes.SaleState.Failed;
            its.finalizedAt = uint40(vm.getBlockTimestamp());
        } else if (kind == ITerraLuminaSale.ProceedsWithdrawn.selector) {
            its.proceeds -= abi.decode(data, (uint256));
        }
    }

    function _commit(Vm.Log memory line) private {
        (bytes32 id, uint24 projectId, address buyer) =
            (line.topics[1], uint24(uint256(line.topics[2])), addressIn(line.topics[3]));
        (uint256 units, uint256 amount, ISaleTypes.Method method, uint256 openUnits) =
            abi.decode(line.data, (uint256, uint256, ISaleTypes.Method, uint256));
        ISaleTypes.Commitment storage made = _commitments[id];
        require(made.state == ISaleTypes.CommitmentState.None, "committed twice");
        (made.state, made.method, made.projectId) = (ISaleTypes.CommitmentState.Open, method, projectId);
        (made.buyer, made.units, made.amount) = (buyer, uint56(units), amount);
        made.committedAt = uint40(vm.getBlockTimestamp());
        _lastCommittedAt[projectId] = made.committedAt;
        ISaleTypes.Sale storage its = _sales[projectId];
        its.openUnits += made.units;
        require(its.openUnits == openUnits, "told another sum");
        if (method == ISaleTypes.Method.Fiat) its.openFiatUnits += made.units;
        its.escrow += amount;
        uint64 investor = accountOf(buyer).investorId;
        _investors[id] = investor;
        if (_unitsOf[projectId][investor] == 0) ++its.investors;
        _unitsOf[projectId][investor] += units;
    }

    function _settle(bytes32 id) private {
        ISaleTypes.Commitment storage made = _close(id, ISaleTypes.CommitmentState.Settled);
        _sales[made.projectId].settledUnits += made.units;
        _sales[made.projectId].proceeds += made.amount;
    }

    function _end(bytes32 id, ISaleTypes.CommitmentState state) private {
        ISaleTypes.Commitment storage made = _close(id, state);
        uint64 investor = _investors[id];
        _unitsOf[made.projectId][investor] -= made.units;
        if (_unitsOf[made.projectId][investor] == 0) --_sales[made.projectId].investors;
    }

    function _close(bytes32 id, ISaleTypes.CommitmentState state) private returns (ISaleTypes.Commitment storage made) {
        made = _commitments[id];
        require(made.state == ISaleTypes.CommitmentState.Open, "ended twice");
        made.state = state;
        ISaleTypes.Sale storage its = _sales[made.projectId];
        its.openUnits -= made.units;
        if (made.method == ISaleTypes.Method.Fiat) its.openFiatUnits -= made.units;
        its.escrow -= made.amount;
    }
}
