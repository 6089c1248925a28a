// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaRegistrar} from "../ITerraLuminaRegistrar.sol";
import {TerraLuminaRegistrar} from "../TerraLuminaRegistrar.sol";
import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {LedgerActors} from "./LedgerActors.sol";
import {vm} from "./Vm.sol";

/// @dev What the runner may do at random with attestations: three investors, seven addresses. Each refusal is foretold.
contract RegistrarHandler is LedgerActors {
    uint256 public constant IDENTITY_KEY = 0x1DE47177;
    uint256 public constant ADDRESSES = 7;
    uint64 public constant INVESTORS = 3;
    TerraLuminaRegistrar private _registrar;
    /// @dev Kept beside the contract: the active wallet of each investor, and when its last attestation was issued.
    mapping(uint64 investorId => address) public active;
    mapping(uint64 investorId => uint256) public issued;
    mapping(address => uint64) public owner;
    mapping(address => bool) public retired;
    uint256 private _minted;

    constructor(LedgerActors world, TerraLuminaRegistrar registrar) {
        (ledger, _registrar, book) = (world.ledger(), registrar, world.book());
    }

    modifier told() {
        vm.recordLogs();
        _;
        book.read();
    }

    function addressAt(uint256 seed) public pure returns (address) {
        return address(uint160(0xC0FFEE00 + seed % ADDRESSES));
    }

    function register(uint256 seed, uint8 investor, uint16 age, uint8 luck) external told {
        ITerraLuminaRegistrar.Attestation memory one = _attestation(addressAt(seed), investor, age, luck);
        (address account, uint64 id) = (one.account, one.investorId);
        bool allowed = !retired[account] && (owner[account] == 0 || owner[account] == id)
            && (active[id] == address(0) || active[id] == account) && one.issuedAt > issued[id];
        // The identical one again changes nothing and is no refusal.
        bool same = active[id] == account && one.issuedAt == issued[id] && _isWritten(one);
        try _registrar.register(one, _sign(_registrar.hashOf(one))) returns (bool changed) {
            require(changed ? allowed : same, "registered");
            if (changed) _note(one);
        } catch {
            vm.getRecordedLogs();
            require(!allowed && !same, "not registered");
        }
    }

    function relink(uint256 seed, uint256 toSeed, uint8 investor, uint16 age) external told {
        ITerraLuminaRegistrar.Attestation memory one = _attestation(addressAt(toSeed), investor, age, 1);
        (address account, uint64 id) = (one.account, one.investorId);
        one.replaces = addressAt(seed);
        bool allowed = owner[one.replaces] == id && !retired[one.replaces] && !retired[account]
            && one.replaces != account && (owner[account] == 0 || owner[account] == id) && one.issuedAt > issued[id]
            && (active[id] == address(0) || active[id] == one.replaces || active[id] == account);
        bool same = one.issuedAt == issued[id] && ledger.successorOf(one.replaces) == account;
        uint256[] memory projects = new uint256[](1);
        projects[0] = PROJECT;
        try _registrar.relink(one, _sign(_registrar.hashOf(one)), projects) returns (bool changed) {
            require(changed ? allowed : same, "relinked");
            if (!changed) return;
            retired[one.replaces] = true;
            _note(one);
        } catch {
            vm.getRecordedLogs();
            require(!allowed && !same, "not relinked");
        }
    }

    function revoke(uint256 seed) external told {
        address account = addressAt(seed);
        uint64 id = owner[account];
        bool allowed = id != 0 && active[id] == account;
        if (allowed && seed % 3 != 0) return;
        try _registrar.revoke(account) {
            require(allowed, "revoked");
            active[id] = address(0);
            if (timeNow() > issued[id]) issued[id] = timeNow();
        } catch {
            vm.getRecordedLogs();
            require(!allowed, "not revoked");
        }
    }

    /// @dev Only who has an active wallet, before its expiry, gains units; of new holders as many as there may be.
    function mint(uint256 seed) external told {
        address account = addressAt(seed);
        uint64 id = owner[account];
        bool allowed = id != 0 && active[id] == account && ledger.accountOf(account).expiry >= timeNow();
        bool hasRoom = ledger.balanceOf(account, PROJECT) != 0 || ledger.projectOf(PROJECT).holders < MAX_HOLDERS;
        vm.prank(SELLER);
        uint256 done = ledger.mintSettled(PROJECT, ordersOf(keccak256(abi.encode("walk", ++_minted)), account, 1, 0));
        require((done == 1) == (allowed && hasRoom), "minted");
    }

    function wait_(uint32 time) external {
        vm.warp(timeNow() + time % 3 days);
    }

    function _attestation(address account, uint8 investor, uint16 age, uint8 luck)
        private
        view
        returns (ITerraLuminaRegistrar.Attestation memory one)
    {
        one.account = account;
        one.investorId = 1 + investor % INVESTORS;
        one.flags = 3;
        one.expiry = luck % 4 == 0 ? uint40(timeNow() + 2 days) : type(uint40).max;
        one.country = 276;
        one.issuedAt = age % 8 == 0 ? uint40(issued[one.investorId]) : uint40(timeNow() - age % 500);
        one.deadline = type(uint40).max;
    }

    function _note(ITerraLuminaRegistrar.Attestation memory one) private {
        (active[one.investorId], issued[one.investorId]) = (one.account, one.issuedAt);
        owner[one.account] = one.investorId;
    }

    function _isWritten(ITerraLuminaRegistrar.Attestation memory one) private view returns (bool) {
        ILedgerTypes.Account memory record = ledger.accountOf(one.account);
        return record.flags == one.flags && record.expiry == one.expiry && record.country == one.country
            && record.class == one.class && record.investorId == one.investorId;
    }

    function _sign(bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(IDENTITY_KEY, digest);
        return abi.encodePacked(r, s, v);
    }
}
